using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MeshCanary.Cli.Commands.Plan;

/// <summary>Options that describe a service's traffic.</summary>
internal static class TrafficArguments
{
    private const double Most = 1e9;

    /// <summary>Requests per second of both arms.</summary>
    public static Option<double> Rate() => new("--rps")
    {
        Description = "Requests per second that the service gets, all versions together.",
        HelpName = "NUMBER",
        Required = true,
        CustomParser = result => Number(result.Tokens[0].Value) is { } rate and > 0 and <= Most
            ? rate
            : Refused(result, "is not a rate above 0, such as 200 or 0.5."),
    };

    /// <summary>Share of failed requests of stable.</summary>
    public static Option<double> ErrorRate() => new("--error-rate")
    {
        Description = "Share of requests that fail at the stable version, such as 0.5%.",
        HelpName = "PERCENT",
        DefaultValueFactory = _ => 0.005,
        CustomParser = result => Number(result.Tokens[0].Value.TrimEnd('%')) is { } percent and >= 0 and < 100
            ? percent / 100
            : Refused(result, "is not a percentage from 0 to below 100, such as 0.5%."),
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double Refused(ArgumentResult result, string why)
    {
        result.AddError($"'{result.Tokens[0].Value}' {why}");
        return 0;
    }
}
