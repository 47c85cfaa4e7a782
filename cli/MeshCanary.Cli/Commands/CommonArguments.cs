using System.CommandLine;
using System.Net;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Commands;

/// <summary>Arguments and options that several commands share.</summary>
internal static class CommonArguments
{
    /// <summary>The NAME of a Canary.</summary>
    public static Argument<CanaryName> Name() => new("NAME")
    {
        Description = "Name of the Canary: NAME in namespace 'default', or NAMESPACE/NAME.",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (CanaryName.TryParse(text) is { } name)
                return name;
            result.AddError($"'{text}' is not the name of a Canary; write NAME or NAMESPACE/NAME.");
            return null;
        },
    };

    /// <summary>An address to listen on.</summary>
    public static Option<IPEndPoint> Listen(string option, string standard, string description) => new(option)
    {
        Description = $"{description} Port 0 takes any free one.",
        HelpName = "HOST:PORT",
        CustomParser = ArgumentParsers.EndPoint,
        DefaultValueFactory = _ => IPEndPoint.Parse(standard),
    };

    /// <summary>A duration.</summary>
    public static Option<TimeSpan?> Duration(string option, string description) => new(option)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result => ArgumentParsers.Duration(result),
    };
}
