using System.CommandLine;
using System.CommandLine.Parsing;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Telling;

namespace MeshCanary.Cli.Hosting.Settings;

/// <summary>What a proxy tells of single requests, as options: access log and spans.</summary>
internal sealed class TellingSettings(Terminal terminal)
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Grpc = "grpc";
    private const string Http = "http/protobuf";
    private const string StandardOutput = "-";

    private static readonly Uri Nowhere = new("none:");

    private readonly Option<string> _log = new("--access-log") { Description = "File that gets a line of JSON for each request; '-' for standard output. Default: none.", HelpName = "FILE" };
    private readonly Option<double?> _logShare = Share("--access-log-share", "Share of the requests that get a line.");
    private readonly Option<bool> _failures = new("--access-log-failures") { Description = "A line for every request that failed, whatever the share." };
    private readonly Option<bool> _query = new("--access-log-query") { Description = "Lines have the query too. It may hold what nobody should read." };
    private readonly Option<Uri> _endpoint = new("--otlp-endpoint")
    {
        Description = $"OTLP receiver that spans are sent to, such as http://127.0.0.1:4317; 'none' for no spans. Default: ${EndpointVariable}, or none.",
        HelpName = "URL",
        CustomParser = result => result.Tokens[0].Value == "none" ? Nowhere : ArgumentParsers.Url(result, result.Tokens[0].Value),
    };

    private readonly Option<string> _protocol = new("--otlp-protocol")
    {
        Description = $"How it is spoken to: {Grpc} or {Http}. Default: ${ProtocolVariable}, or {Grpc}.",
        HelpName = "PROTOCOL",
        CustomParser = ReadProtocol,
    };

    private readonly Option<double?> _traceShare = Share("--trace-share", "Share of the traces that begin at the proxy and are recorded. Traces that come in are followed as they say.");

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_log, _logShare, _failures, _query, _endpoint, _protocol, _traceShare];

    /// <summary>Puts what they say into a proxy's options.</summary>
    /// <exception cref="CommandFailure">A variable of the environment holds what cannot be read.</exception>
    public ProxyOptions Apply(ProxyOptions options, SettingValues values) => options with { AccessLog = LogOf(values), Traces = TracesOf(values) };

    private AccessLogOptions? LogOf(SettingValues values) => values.Get(_log) is not { } file ? null : new AccessLogOptions
    {
        File = file == StandardOutput ? null : Path.GetFullPath(file),
        Share = values.Get(_logShare) ?? 1,
        EveryFailure = values.Get(_failures),
        WithQuery = values.Get(_query),
    };

    private TraceOptions? TracesOf(SettingValues values)
    {
        var endpoint = values.Get(_endpoint) ?? OfEnvironment();
        if (endpoint is null || endpoint == Nowhere)
            return null;
        var protocol = values.Get(_protocol) ?? (Variable(ProtocolVariable) is { } named ? Known(named) ?? throw Unreadable(ProtocolVariable, named, $"{Grpc} or {Http}") : Grpc);
        return new TraceOptions { Endpoint = endpoint, OverHttp = protocol == Http, Share = values.Get(_traceShare) ?? 1 };
    }

    private Uri? OfEnvironment() => Variable(EndpointVariable) is { } text
        ? ArgumentParsers.TryUrl(text) ?? throw Unreadable(EndpointVariable, text, "an http or https address, such as http://127.0.0.1:4317")
        : null;

    private string? Variable(string name) => terminal.Variable(name) is { Length: > 0 } value ? value : null;

    private static CommandFailure Unreadable(string variable, string text, string wanted) =>
        new($"The environment variable {variable} holds '{text}', which is not {wanted}.", "mend it, or give --otlp-endpoint ('none' for no spans) and --otlp-protocol.", ExitCode.BadUsage);

    private static string? Known(string protocol) => protocol is Grpc or Http ? protocol : null;

    private static string? ReadProtocol(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Known(text) is null)
            result.AddError($"'{text}' is neither {Grpc} nor {Http}.");
        return text;
    }

    private static Option<double?> Share(string name, string description) => new(name)
    {
        Description = $"{description} Default: 100%.",
        HelpName = "PERCENT",
        CustomParser = SettingText.ReadShare,
    };
}
