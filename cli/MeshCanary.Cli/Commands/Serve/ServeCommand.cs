using System.CommandLine;
using System.Net;
using MeshCanary.Cli.Hosting;
using MeshCanary.Controller.Hosting;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Cli.Commands.Serve;

/// <summary><c>serve</c>: controller and proxy in one process.</summary>
internal sealed class ServeCommand : Command
{
    private readonly Option<string[]> _files = new("--file", "-f")
    {
        Description = "YAML file with one or more Canaries. May be given several times.",
        HelpName = "FILE",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<IPEndPoint> _listen = CommonArguments.Listen("--listen", "127.0.0.1:8080", "Where clients connect.");
    private readonly Option<IPEndPoint> _api = CommonArguments.Listen("--api", "127.0.0.1:7070", "Where the API and the controller's /metrics are.");
    private readonly Option<IPEndPoint> _control = CommonArguments.Listen("--control", "127.0.0.1:7071", "Where more proxies connect.");
    private readonly Option<IPEndPoint> _proxyAdmin = CommonArguments.Listen("--proxy-admin", "127.0.0.1:8081", "Where the proxy's /metrics, /healthz and /readyz are.");
    private readonly Option<string> _state = new("--state")
    {
        Description = "Folder that keeps the state of every rollout; made when absent.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "./.meshcanary",
    };

    private readonly Option<string> _tokenFile = new("--token-file")
    {
        Description = "File with the token that proxies must show; made with a random token when absent. Needed unless --control is loopback.",
        HelpName = "FILE",
    };

    private readonly Option<string> _certificate = new("--cert")
    {
        Description = "PEM certificate for the proxy port. The embedded proxy connects by the address of --control, so it must be valid for that too.",
        HelpName = "FILE",
    };

    private readonly Option<string> _key = new("--key") { Description = "PEM key of --cert.", HelpName = "FILE" };
    private readonly Option<bool> _noProxy = new("--no-proxy") { Description = "Run the controller alone; proxies join with 'meshcanary proxy'." };
    private readonly Option<bool> _allowUnreachable = new("--allow-unreachable") { Description = "Start even when a stable version that was never seen before does not answer." };
    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public ServeCommand(Terminal terminal, GlobalOptions options)
        : base("serve", "Runs controller and proxy in one process. SIGINT and SIGTERM let requests in flight finish; the state stays and the next start goes on with it.")
    {
        (_terminal, _options) = (terminal, options);
        foreach (var option in (Option[])[_files, _listen, _api, _control, _proxyAdmin, _state, _tokenFile, _certificate, _key, _noProxy, _allowUnreachable])
            Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(_certificate) is null != result.GetResult(_key) is null)
                result.AddError("--cert and --key belong together: give both or neither.");
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var canaries = await ManifestFiles.RequireAsync(parsed.GetRequiredValue(_files), stop);
        using var loggers = LogOutput.Create(_terminal, _options.Level(parsed));
        var options = OptionsOf(parsed, canaries);
        try
        {
            await using var server = await StandaloneServer.StartAsync(options, _terminal.Time, loggers, stop);
            foreach (var line in ReadyBanner.Lines(server, options.Controller))
                _terminal.Out.WriteLine(line);
            await Task.WhenAny(server.Proxy?.Completion ?? Task.Delay(Timeout.InfiniteTimeSpan, _terminal.Time, stop), Task.Delay(Timeout.InfiniteTimeSpan, _terminal.Time, stop));
            _terminal.Out.WriteLine("Stopping: requests in flight are let finish.");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop while it started: nothing was promised to anyone yet.
        }

        return ExitCode.Success;
    }

    private StandaloneOptions OptionsOf(ParseResult parsed, IReadOnlyList<CanaryManifest> canaries)
    {
        var state = Path.GetFullPath(parsed.GetRequiredValue(_state));
        var controller = new ControllerOptions
        {
            Canaries = canaries,
            Api = parsed.GetRequiredValue(_api),
            Control = parsed.GetRequiredValue(_control),
            StateFolder = state,
            TokenFile = parsed.GetValue(_tokenFile),
            CertificateFile = parsed.GetValue(_certificate),
            CertificateKeyFile = parsed.GetValue(_key),
            RequireStable = !parsed.GetValue(_allowUnreachable),
        };
        if (parsed.GetValue(_noProxy))
            return new StandaloneOptions { Controller = controller, Proxy = null };
        return new StandaloneOptions
        {
            Controller = controller,
            Proxy = address => new ProxyOptions
            {
                Name = "embedded",
                Listen = parsed.GetRequiredValue(_listen),
                Admin = parsed.GetRequiredValue(_proxyAdmin),
                Controller = address,
                TokenFile = controller.TokenFile,
                AuthorityFile = controller.CertificateFile,
                SnapshotFile = Path.Combine(state, "embedded-proxy.snapshot"),
            },
        };
    }
}
