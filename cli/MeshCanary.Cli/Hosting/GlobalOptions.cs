using System.CommandLine;
using MeshCanary.Cli.Client;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Cli.Hosting;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    private const string DefaultServer = "http://127.0.0.1:7070";
    private const string ServerVariable = "MESHCANARY_SERVER";

    private readonly Option<Uri> _server;
    private readonly Option<LogLevel> _logLevel;
    private readonly Terminal _terminal;

    public GlobalOptions(Terminal terminal)
    {
        _terminal = terminal;
        _server = new Option<Uri>("--server", "-s")
        {
            Description = $"Address of the server's API. Default: ${ServerVariable}, or {DefaultServer}.",
            HelpName = "URL",
            Recursive = true,
            CustomParser = result => ArgumentParsers.Url(result, result.Tokens[0].Value),
        };
        _logLevel = new Option<LogLevel>("--log-level")
        {
            Description = "Least severe log entries to show on standard error: trace, debug, information, warning, error, critical or none.",
            HelpName = "LEVEL",
            Recursive = true,
            DefaultValueFactory = _ => LogLevel.Warning,
        };
    }

    /// <summary>All of them, to be added to the root command.</summary>
    public IEnumerable<Option> All => [_server, _logLevel];

    /// <summary>A client of the server that the command line or the environment names.</summary>
    public ApiClient Connect(ParseResult parsed) => ApiClient.For(Server(parsed));

    /// <summary>Least severe log entries to show.</summary>
    public LogLevel Level(ParseResult parsed) => parsed.GetValue(_logLevel);

    /// <summary>Whether failures show where in the code they come from.</summary>
    public bool ShowsStackTraces(ParseResult parsed) => Level(parsed) <= LogLevel.Debug;

    private Uri Server(ParseResult parsed)
    {
        if (parsed.GetValue(_server) is { } given)
            return given;
        if (_terminal.Variable(ServerVariable) is not { Length: > 0 } variable)
            return new Uri(DefaultServer);
        return ArgumentParsers.TryUrl(variable)
            ?? throw new CommandFailure($"The environment variable {ServerVariable} holds '{variable}', which is not an http or https address.", $"set it to something like {DefaultServer}.", ExitCode.BadUsage);
    }
}
