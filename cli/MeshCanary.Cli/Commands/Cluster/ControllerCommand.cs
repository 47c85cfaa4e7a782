using System.CommandLine;
using System.Net;
using MeshCanary.Cli.Hosting;
using MeshCanary.Controller.Hosting.Cluster;

namespace MeshCanary.Cli.Commands.Cluster;

/// <summary><c>controller</c>: the controller of a Kubernetes cluster.</summary>
internal sealed class ControllerCommand : Command, INoted
{
    private readonly Option<IPEndPoint> _api = CommonArguments.Listen("--api", "127.0.0.1:7070", "Where the API is: loopback only, for 'kubectl port-forward'.");
    private readonly Option<IPEndPoint> _admin = CommonArguments.Listen("--admin", "0.0.0.0:8081", "Where /metrics, /healthz and /readyz are.");
    private readonly Option<IPEndPoint> _control = CommonArguments.Listen("--control", "0.0.0.0:7071", "Where proxies connect.");
    private readonly Option<IPEndPoint?> _webhook = new("--webhook")
    {
        Description = "Where the API server's reviews are answered. Default: nowhere, so that holds and selectors are repaired after the fact instead.",
        HelpName = "HOST:PORT",
        CustomParser = ArgumentParsers.EndPoint,
    };

    private readonly Option<string?> _webhookService = new("--webhook-service")
    {
        Description = "Service before --webhook, on port 443. Default: API servers are told the address of --webhook itself.",
        HelpName = "NAME",
    };

    private readonly Option<string> _controlAddress = new("--control-address")
    {
        Description = "What proxies connect to: host and port of the headless Service of all replicas.",
        HelpName = "HOST:PORT",
        Required = true,
    };

    private readonly Option<string> _secret = new("--certificate-secret")
    {
        Description = "Secret with the certificates that the replicas share; made when absent.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "meshcanary-certificate",
    };

    private readonly Option<string> _proxyImage = new("--proxy-image") { Description = "Image of the proxies.", HelpName = "IMAGE", Required = true };
    private readonly Option<string> _pullPolicy = new("--proxy-image-pull-policy")
    {
        Description = "When the proxies' image is pulled.",
        HelpName = "POLICY",
        DefaultValueFactory = _ => "IfNotPresent",
    };

    private readonly Option<string[]> _namespaces = new("--namespace") { Description = "Namespace whose Canaries are controlled. May be given several times. Default: all.", HelpName = "NAME" };
    private readonly Option<string?> _kubeConfig = new("--kubeconfig") { Description = "Kubeconfig file. Default: the pod's service account, or else $KUBECONFIG.", HelpName = "FILE" };
    private readonly Option<string?> _name = new("--name") { Description = "Name of this replica. Default: $POD_NAME, or else the machine's.", HelpName = "NAME" };
    private readonly Option<string?> _home = new("--home") { Description = "Namespace of the controller's own objects. Default: $POD_NAMESPACE, or else meshcanary.", HelpName = "NAME" };
    private readonly Option<string?> _address = new("--address") { Description = "IP address by which other pods reach this one. Default: $POD_IP.", HelpName = "IP" };
    private readonly Option<string?> _account = new("--service-account") { Description = "User name of the controller's own account. Default: what the API server calls it.", HelpName = "USER" };
    private readonly Option<string?> _state = new("--state") { Description = "Folder for this replica's history. Default: a new one in the temporary folder.", HelpName = "DIR" };
    private readonly Option<TimeSpan?> _lease = CommonArguments.Duration("--lease-duration", "How long other replicas wait without a sign of life of the leader before they take over. Default: 15s.");

    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public ControllerCommand(Terminal terminal, GlobalOptions options)
        : base("controller", "Runs the controller of a Kubernetes cluster. Several may run: one leads, the others answer reviews and stand by.")
    {
        (_terminal, _options) = (terminal, options);
        foreach (var option in (Option[])[_controlAddress, _proxyImage, _pullPolicy, _control, _webhook, _webhookService, _secret, _api, _admin, _namespaces, _kubeConfig, _name, _home, _address, _account, _state, _lease])
            Add(option);
        _pullPolicy.AcceptOnlyFromAmong("Always", "IfNotPresent", "Never");
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public string Notes { get; } =
        """
        It is meant to be installed by the Helm chart, which gives it its role, its Services and its replicas. The objects that it
        works on are those of 'meshcanary crds'.
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var loggers = LogOutput.Create(_terminal, _options.Level(parsed));
        try
        {
            await using var server = await ClusterServer.StartAsync(OptionsOf(parsed), _terminal.Time, loggers, stop);
            _terminal.Out.WriteLine($"API on http://{server.Api}, proxies on {server.Control}, health and metrics on http://{server.Admin}.");
            await server.Completion.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }

        return ExitCode.Success;
    }

    private ClusterOptions OptionsOf(ParseResult parsed) => new()
    {
        KubeConfig = parsed.GetValue(_kubeConfig),
        Namespaces = parsed.GetValue(_namespaces) ?? [],
        Api = parsed.GetRequiredValue(_api),
        Admin = parsed.GetRequiredValue(_admin),
        Control = parsed.GetRequiredValue(_control),
        Webhook = parsed.GetValue(_webhook),
        WebhookService = parsed.GetValue(_webhookService),
        ControlAddress = parsed.GetRequiredValue(_controlAddress),
        CertificateSecret = parsed.GetRequiredValue(_secret),
        ProxyImage = parsed.GetRequiredValue(_proxyImage),
        ProxyImagePullPolicy = parsed.GetRequiredValue(_pullPolicy),
        Name = parsed.GetValue(_name) ?? Variable("POD_NAME") ?? Environment.MachineName,
        Namespace = parsed.GetValue(_home) ?? Variable("POD_NAMESPACE") ?? "meshcanary",
        Address = parsed.GetValue(_address) ?? Variable("POD_IP") ?? "",
        ServiceAccount = parsed.GetValue(_account) ?? "",
        StateFolder = parsed.GetValue(_state) ?? Directory.CreateTempSubdirectory("meshcanary-").FullName,
        LeaseDuration = parsed.GetValue(_lease) ?? TimeSpan.FromSeconds(15),
    };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
