using System.CommandLine;
using System.Net;
using MeshCanary.Cli.Hosting;
using MeshCanary.Proxy.Hosting;

namespace MeshCanary.Cli.Commands.Proxy;

/// <summary><c>proxy</c>: a proxy alone, that joins a controller.</summary>
internal sealed class ProxyCommand : Command, INoted
{
    private readonly Option<Uri> _controller = new("--controller")
    {
        Description = "Address of the controller's proxy port, such as http://127.0.0.1:7071.",
        HelpName = "URL",
        Required = true,
        CustomParser = result => ArgumentParsers.Root(result, result.Tokens[0].Value),
    };

    private readonly Option<IPEndPoint> _listen = CommonArguments.Listen("--listen", "127.0.0.1:8080", "Where clients connect.");
    private readonly Option<IPEndPoint> _admin = CommonArguments.Listen("--admin", "127.0.0.1:8081", "Where /metrics, /healthz and /readyz are.");
    private readonly Option<string> _name = new("--name")
    {
        Description = "Name in status and metrics.",
        HelpName = "NAME",
        DefaultValueFactory = _ => Environment.MachineName,
    };

    private readonly Option<string> _tokenFile = new("--token-file") { Description = "File with the token that the controller asks for.", HelpName = "FILE" };
    private readonly Option<string> _authority = new("--ca") { Description = "PEM file of the authority that signed the controller's certificate. Default: the system's.", HelpName = "FILE" };
    private readonly Option<string> _snapshot = new("--snapshot-file") { Description = "File that keeps the last good configuration, so that the proxy can start while the controller is away.", HelpName = "FILE" };
    private readonly Option<bool> _trustForwarded = CommonArguments.TrustForwarded();
    private readonly Option<TimeSpan?> _drain = CommonArguments.Duration("--drain-timeout", "Longest wait for requests in flight at the end. Default: 30s.");
    private readonly Option<TimeSpan?> _drainDelay = CommonArguments.Duration("--drain-delay", "How long, at the end, /readyz says no while requests are still taken: the time that a load balancer needs to see it. Default: 0s.");
    private readonly Option<TimeSpan?> _canaryDrain = CommonArguments.Duration("--canary-drain", "How long requests may still run on a canary that has left; then they are ended. Default: 30s.");
    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public ProxyCommand(Terminal terminal, GlobalOptions options)
        : base("proxy", "Runs a proxy that joins a controller. It goes on serving for as long as the controller is away.")
    {
        (_terminal, _options) = (terminal, options);
        foreach (var option in (Option[])[_controller, _listen, _admin, _name, _tokenFile, _authority, _snapshot, _trustForwarded, _drain, _drainDelay, _canaryDrain])
            Add(option);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public string Notes { get; } =
        """
        A controller that refuses the proxy (another protocol version, a wrong token) ends it with exit code 1, unless it
        already serves a configuration: then it goes on serving that one, keeps trying, and logs the refusal.
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var loggers = LogOutput.Create(_terminal, _options.Level(parsed));
        var options = new ProxyOptions
        {
            Name = parsed.GetRequiredValue(_name),
            Listen = parsed.GetRequiredValue(_listen),
            Admin = parsed.GetRequiredValue(_admin),
            Controller = parsed.GetRequiredValue(_controller),
            TokenFile = parsed.GetValue(_tokenFile),
            AuthorityFile = parsed.GetValue(_authority),
            SnapshotFile = parsed.GetValue(_snapshot),
            TrustForwarded = parsed.GetValue(_trustForwarded),
        };
        if (parsed.GetValue(_drain) is { } drain)
            options = options with { DrainTimeout = drain };
        if (parsed.GetValue(_drainDelay) is { } delay)
            options = options with { DrainDelay = delay };
        if (parsed.GetValue(_canaryDrain) is { } canaryDrain)
            options = options with { CanaryDrain = canaryDrain };
        try
        {
            await using var proxy = await ProxyServer.StartAsync(options, _terminal.Time, loggers, stop);
            _terminal.Out.WriteLine($"Proxy '{options.Name}' listens on {StandaloneServer.Local(proxy.Listen)}, admin on {StandaloneServer.Local(proxy.Admin)}, controller {options.Controller}. Stop with Ctrl-C.");
            await ServeAsync(proxy, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop: leaving the block has drained it.
        }

        return ExitCode.Success;
    }

    private static async Task ServeAsync(ProxyServer proxy, CancellationToken stop)
    {
        var first = await Task.WhenAny(proxy.Completion, proxy.Refused).WaitAsync(stop);
        if (first == proxy.Refused && !proxy.IsReady)
            throw new CommandFailure(await proxy.Refused, "mend that and start the proxy again; no client was connected to it yet.");
        await proxy.Completion.WaitAsync(stop);
    }
}
