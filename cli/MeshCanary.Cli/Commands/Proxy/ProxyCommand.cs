using System.CommandLine;
using System.Net;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Hosting.Settings;
using MeshCanary.Proxy.Hosting;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Cli.Commands.Proxy;

/// <summary><c>proxy</c>: a proxy alone, that joins a controller.</summary>
internal sealed class ProxyCommand : Command, INoted
{
    private readonly Option<Uri> _controller = new("--controller")
    {
        Description = "Address of the controller's proxy port, such as http://127.0.0.1:7071. A name of several controllers is tried until the leading one is found. Required.",
        HelpName = "URL",
        CustomParser = result => ArgumentParsers.Root(result, result.Tokens[0].Value),
    };

    private readonly Option<IPEndPoint> _admin = CommonArguments.Listen("--admin", "127.0.0.1:8081", "Where /metrics, /healthz and /readyz are.");
    private readonly Option<string> _name = new("--name")
    {
        Description = "Name in status and metrics.",
        HelpName = "NAME",
        DefaultValueFactory = _ => Environment.MachineName,
    };

    private readonly Option<string> _canary = new("--canary")
    {
        Description = "Canary that this proxy serves and no other, as NAMESPACE/NAME. Default: all that the controller has.",
        HelpName = "NAME",
        CustomParser = result => ArgumentParsers.NamespacedName(result, result.Tokens[0].Value),
    };

    private readonly Option<string> _tokenFile = new("--token-file") { Description = "File with the token that the controller asks for.", HelpName = "FILE" };
    private readonly Option<string> _authority = new("--ca") { Description = "PEM file of the authority that signed the controller's certificate. Default: the system's.", HelpName = "FILE" };
    private readonly Option<string> _snapshot = new("--snapshot-file") { Description = "File that keeps the last good configuration, so that the proxy can start while the controller is away.", HelpName = "FILE" };
    private readonly ClientSettings _clients;
    private readonly SettingSources _settings;
    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public ProxyCommand(Terminal terminal, GlobalOptions options)
        : base("proxy", "Runs a proxy that joins a controller. It goes on serving for as long as the controller is away.")
    {
        (_terminal, _options, _clients) = (terminal, options, new ClientSettings(terminal));
        Option[] settings = [_controller, _admin, _name, _canary, _tokenFile, _authority, _snapshot, .. _clients.All];
        _settings = new SettingSources(settings, terminal);
        Add(_settings.File);
        foreach (var option in settings)
            Add(option);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public string Notes { get; } =
        """
        A controller that refuses the proxy (another protocol version, a wrong token) ends it with exit code 1, unless it
        already serves a configuration: then it goes on serving that one, keeps trying, and logs the refusal. With --canary
        it keeps trying in any case, since what it lacks may be on its way.

        Each setting may also come from the environment, as MESHCANARY_ and its name in capitals (MESHCANARY_LISTEN_TLS, several
        values with commas), or from the file of --config. Command line goes before environment, environment before file.
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var loggers = LogOutput.Create(_terminal, _options.Level(parsed));
        var file = _settings.FileOf(parsed);
        var text = file is null ? null : await TextFiles.ReadAsync(file, stop);
        var options = OptionsOf(_settings.Read(parsed, text));
        try
        {
            await using var proxy = await ProxyServer.StartAsync(options, _terminal.Time, loggers, stop);
            _terminal.Out.WriteLine($"Proxy '{options.Name}' listens on {Addresses(proxy)}, admin on {StandaloneServer.Local(proxy.Admin)}, controller {options.Controller}. Stop with Ctrl-C.");
            await using var watch = ConfigurationWatch.Start(
                file, text, changed => OptionsOf(_settings.Read(parsed, changed)), proxy, _terminal.Time, loggers.CreateLogger<ConfigurationWatch>());
            await ServeAsync(proxy, mayEnd: options.Canary is null, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop: leaving the block has drained it.
        }

        return ExitCode.Success;
    }

    private static string Addresses(ProxyServer proxy) => string.Join(
        ", ", proxy.Cleartext.Select(address => StandaloneServer.Local(address)).Concat(proxy.WithTls.Select(address => StandaloneServer.Local(address, "https"))));

    private ProxyOptions OptionsOf(SettingValues values)
    {
        var options = new ProxyOptions
        {
            Name = values.Get(_name)!,
            Listen = [],
            Admin = values.Get(_admin)!,
            Controller = values.Get(_controller) ?? throw new CommandFailure(
                "Option '--controller' is required.", $"see 'meshcanary proxy --help': give it, or set {SettingSources.VariableOf(_controller.Name)}, or 'controller' in the file of --config.", ExitCode.BadUsage),
            Canary = values.Get(_canary),
            TokenFile = values.Get(_tokenFile),
            AuthorityFile = values.Get(_authority),
            SnapshotFile = values.Get(_snapshot),
        };
        return _clients.Apply(options, values);
    }

    private static async Task ServeAsync(ProxyServer proxy, bool mayEnd, CancellationToken stop)
    {
        var first = await Task.WhenAny(proxy.Completion, proxy.Refused).WaitAsync(stop);
        if (first == proxy.Refused && mayEnd && !proxy.IsReady)
            throw new CommandFailure(await proxy.Refused, "mend that and start the proxy again; no client was connected to it yet.");
        await proxy.Completion.WaitAsync(stop);
    }
}
