using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;

namespace MeshCanary.Cli.Hosting;

/// <summary>Reads the kinds of values that options share, and says what is wrong with one that cannot be read.</summary>
internal static class ArgumentParsers
{
    /// <summary>An absolute http or https address.</summary>
    public static Uri? Url(ArgumentResult result, string text)
    {
        if (TryUrl(text) is { } url)
            return url;
        result.AddError($"'{text}' is not an http or https address, such as http://127.0.0.1:9001.");
        return null;
    }

    /// <summary>An absolute http or https address, or null.</summary>
    public static Uri? TryUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    /// <summary><c>HOST:PORT</c> where HOST is an IP address, <c>localhost</c> or <c>*</c> for all addresses.</summary>
    public static IPEndPoint? EndPoint(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon];
        if (int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port <= IPEndPoint.MaxPort
            && Address(host) is { } address)
            return new IPEndPoint(address, port);
        result.AddError($"'{text}' is not an address to listen on, such as 127.0.0.1:8080, [::1]:8080 or *:8080 (all addresses).");
        return null;
    }

    /// <summary>A duration such as <c>500ms</c>, <c>30s</c>, <c>5m</c> or <c>1h</c>.</summary>
    public static TimeSpan Duration(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        if (double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && UnitSeconds(text[digits..]) is { } unit
            && number * unit <= TimeSpan.FromDays(365).TotalSeconds)
            return TimeSpan.FromSeconds(number * unit);
        result.AddError($"'{text}' is not a duration, such as 500ms, 30s, 5m or 1h.");
        return default;
    }

    private static double? UnitSeconds(string unit) => unit switch
    {
        "ms" => 0.001,
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => null,
    };

    private static IPAddress? Address(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null,
    };
}
