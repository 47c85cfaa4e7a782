using System.CommandLine;
using System.Net;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Hosting.Settings;
using MeshCanary.Controller.Hosting;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Rollouts.Specs;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Cli.Commands.Serve;

/// <summary><c>serve</c>: controller and proxy in one process.</summary>
internal sealed class ServeCommand : Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Option<string[]> _files = new("--file", "-f")
    {
        Description = "YAML file with one or more Canaries. May be given several times.",
        HelpName = "FILE",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

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
    private readonly Option<string> _authority = new("--ca")
    {
        Description = "PEM file of the authority that signed --cert, by which the embedded proxy believes it. Default: --cert itself, as fits a self-signed one.",
        HelpName = "FILE",
    };

    private readonly ClientSettings _clients;
    private readonly SettingSources _settings;
    private readonly Option<bool> _noProxy = new("--no-proxy") { Description = "Run the controller alone; proxies join with 'meshcanary proxy'." };
    private readonly Option<bool> _allowUnreachable = new("--allow-unreachable") { Description = "Start even when a stable version that was never seen before does not answer." };
    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public ServeCommand(Terminal terminal, GlobalOptions options)
        : base("serve", "Runs controller and proxy in one process. SIGINT and SIGTERM let requests in flight finish; the state stays and the next start goes on with it.")
    {
        (_terminal, _options, _clients) = (terminal, options, new ClientSettings(terminal));
        Option[] settings = [.. _clients.All];
        _settings = new SettingSources(settings, terminal);
        foreach (var option in (Option[])[_files, _api, _control, _proxyAdmin, _state, _tokenFile, _certificate, _key, _authority, _noProxy, _allowUnreachable, _settings.File, .. settings])
            Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(_certificate) is null != result.GetResult(_key) is null)
                result.AddError("--cert and --key belong together: give both or neither.");
            if (result.GetResult(_authority) is not null && result.GetResult(_certificate) is null)
                result.AddError("--ca names the authority of --cert: give --cert and --key as well, or leave it out.");
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var (canaries, templates) = await ManifestFiles.RequireAllAsync(parsed.GetRequiredValue(_files), stop);
        using var loggers = LogOutput.Create(_terminal, _options.Level(parsed));
        var file = _settings.FileOf(parsed);
        var text = file is null ? null : await TextFiles.ReadAsync(file, stop);
        var options = OptionsOf(parsed, canaries, templates, _settings.Read(parsed, text));
        try
        {
            await using var server = await StandaloneServer.StartAsync(options, _terminal.Time, loggers, stop);
            var isServing = await server.WaitUntilServingAsync(Patience, _terminal.Time, stop);
            foreach (var line in ReadyBanner.Lines(server, options.Controller, isServing))
                _terminal.Out.WriteLine(line);
            if (!isServing)
                TellMissing(server, parsed);
            await using var watch = server.Proxy is null ? null : ConfigurationWatch.Start(
                file, text, changed => EmbeddedProxy(parsed, options.Controller, ControlOf(server, parsed), _settings.Read(parsed, changed)),
                server.Proxy, _terminal.Time, loggers.CreateLogger<ConfigurationWatch>());
            await ServeAsync(server, isServing, stop);
            _terminal.Out.WriteLine("Stopping: requests in flight are let finish.");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop while it started: nothing was promised to anyone yet.
        }

        return ExitCode.Success;
    }

    private async Task ServeAsync(StandaloneServer server, bool isServing, CancellationToken stop)
    {
        if (!isServing && await server.WaitUntilServingAsync(Timeout.InfiniteTimeSpan, _terminal.Time, stop))
            _terminal.Out.WriteLine(ReadyBanner.Late);
        var end = Task.Delay(Timeout.InfiniteTimeSpan, _terminal.Time, stop);
        await Task.WhenAny(server.Proxy?.Completion ?? end, end);
    }

    private void TellMissing(StandaloneServer server, ParseResult parsed)
    {
        var certificate = parsed.GetValue(_certificate);
        var address = ControlOf(server, parsed);
        _terminal.Error.WriteLine($"warning: the embedded proxy has no configuration after {Patience.TotalSeconds:0} s, so it answers no request: it has not joined the controller at {address.AbsoluteUri.TrimEnd('/')}.");
        if (server.Proxy is { Refused: { IsCompletedSuccessfully: true } refused })
            _terminal.Error.WriteLine($"  remedy: {refused.Result}");
        else if (certificate is not null)
            _terminal.Error.WriteLine($"  remedy: see that the certificate {certificate} is valid for {address.Host} and that --ca names the authority that signed it ({parsed.GetValue(_authority) ?? "not given, so it has to be self-signed"}); the entries above say what was refused.");
        else
            _terminal.Error.WriteLine("  remedy: see the entries above, or run again with --log-level information; it keeps trying.");
    }

    private Uri ControlOf(StandaloneServer server, ParseResult parsed) =>
        StandaloneServer.Local(server.Control, parsed.GetValue(_certificate) is null ? "http" : "https");

    private StandaloneOptions OptionsOf(ParseResult parsed, IReadOnlyList<CanaryManifest> canaries, IReadOnlyList<NamedMetricTemplate> templates, SettingValues values)
    {
        var state = Path.GetFullPath(parsed.GetRequiredValue(_state));
        var controller = new ControllerOptions
        {
            Canaries = canaries,
            Templates = templates,
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
        return new StandaloneOptions { Controller = controller, Proxy = address => EmbeddedProxy(parsed, controller, address, values) };
    }

    private ProxyOptions EmbeddedProxy(ParseResult parsed, ControllerOptions controller, Uri address, SettingValues values)
    {
        var options = new ProxyOptions
        {
            Name = "embedded",
            Listen = [],
            Admin = parsed.GetRequiredValue(_proxyAdmin),
            Controller = address,
            TokenFile = controller.TokenFile,
            AuthorityFile = parsed.GetValue(_authority) ?? controller.CertificateFile,
            SnapshotFile = Path.Combine(controller.StateFolder, "embedded-proxy.snapshot"),
        };
        return _clients.Apply(options, values);
    }
}
