using System.Globalization;
using System.Net;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Distribution;
using MeshCanary.Controller.Keeping;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Recording.Cluster;
using MeshCanary.Controller.Workloads;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Events;
using MeshCanary.Machinery.Leading;
using MeshCanary.Machinery.Resources;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>
/// Puts the controller of a cluster together. Every replica follows the cluster, answers reviews and listens for proxies; the
/// one that is elected keeps the Canaries.
/// </summary>
internal sealed partial class ClusterStartup(ClusterOptions options, TimeProvider time, ILoggerFactory loggers, Teardown teardown)
{
    private static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(3);

    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly ILogger _logger = loggers.CreateLogger<ClusterServer>();
    private readonly Signals _signals = new();

    /// <summary>Starts.</summary>
    public async Task<ClusterServer> RunAsync(CancellationToken cancellationToken)
    {
        Verify();
        var configuration = ClusterConfiguration.Load(options);
        var metrics = Prometheus.Metrics.WithCustomRegistry(_registry);
        var cluster = teardown.Add(ClusterAccess.Connect(configuration, metrics, time, loggers));
        var folder = teardown.Add(StateFolder.Take(options.StateFolder));
        var database = teardown.Add(StateDatabase.Open(folder.DatabaseFile));
        var caches = new ClusterCaches(cluster, options.Namespaces is [var one] ? one : null);
        var admission = teardown.Add(new ClusterAdmission(options, ClusterConfiguration.Load(options), time, loggers));
        var election = Election(cluster);
        // What changes the cluster for Canaries is for the leader alone, call by call.
        var acting = teardown.Add(cluster.Fenced(() => election.IsLeading));
        var events = new EventRecorder(cluster, new EventOptions("meshcanary.io/controller", options.Name));
        var machine = teardown.Add(new ClusterMachine(acting, caches, options, _signals.One, new MachineTools(() => admission.Bundle, metrics, events, time, loggers)));
        var set = new CanarySet([]);
        _signals.Reach(set);
        var reconciling = new ReconcileMetrics(metrics);
        var tools = new ForgeTools(
            machine.Ports, new StatusTools(new CanaryObjects(acting), new CanaryStore(database), events, election.Identity, time, loggers.CreateLogger<CanaryStatusStore>()),
            new RolloutMetrics(metrics), reconciling, time, loggers);

        var background = new Background();
        var control = teardown.Add(await ControlHost.StartAsync(
            options.Control, ControlTls.Of(() => admission.Certificate.Present), new ControlParts(new ClusterLeadership(election), machine.Gate, machine.Proxies, time), loggers, cancellationToken).ConfigureAwait(false));
        var api = teardown.Add(await StartApiAsync(set, database, machine.Proxies, reconciling, cancellationToken).ConfigureAwait(false));
        if (options.Webhook is not null)
            teardown.Add(await admission.ServeAsync(caches, InPlaceNames.RevisionLabel, options.ServiceAccount, cancellationToken).ConfigureAwait(false));
        var admin = teardown.Add(await AdminHost.StartAsync(options.Admin, () => Unready(caches, machine, admission), _registry, loggers, cancellationToken).ConfigureAwait(false));
        teardown.Add(background);
        background.Run(caches.RunAsync);
        background.Run(machine.WatchAsync);
        background.Run(admission.UpkeepAsync);
        background.Run(events.RunAsync);
        background.Run(stop => election.RunAsync(
            async term =>
            {
                var keeper = new CanaryKeeper(set, caches, machine.Parts, new CanaryForge(tools), tools.Status.Objects, new UnkeptStatus(tools.Status.Objects, events, time));
                await new LeadingTerm(acting, caches, machine, keeper, new AnnotationKeeper(acting, caches, new AdoptionPause(acting, Lease, time), events)).RunAsync(term).ConfigureAwait(false);
            },
            stop));
        LogStarted(options.Name, api.Address, control.Address, admin.Address);
        return new ClusterServer(api.Address, control.Address, admin.Address, background.Completion, teardown);
    }

    private void Verify()
    {
        if (!IPAddress.IsLoopback(options.Api.Address))
            throw new IOException($"The API asks for no credentials, so it is served on loopback only, not on {options.Api}. Choose 127.0.0.1 or ::1 (--api); kubectl port-forward leads there.");
        if (options.Namespaces.Count > 1)
            throw new IOException($"{options.Namespaces.Count} namespaces are named; one controller looks after one namespace or all of them. Install one for each, or name none.");
        if (options.LeaseDuration < ShortestLease)
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"A lease of {options.LeaseDuration.TotalSeconds}s is lost with one slow answer of the API server. Write {ShortestLease.TotalSeconds}s or more; 15s is usual (--lease-duration)."));
        if (!options.ControlAddress.Contains(':', StringComparison.Ordinal))
            throw new IOException($"The address that proxies connect to, {options.ControlAddress}, has no port. Write HOST:PORT (--control-address).");
    }

    private LeaderElection Election(ClusterAccess cluster) => new(cluster, new LeaderOptions(Lease, options.Name)
    {
        Address = options.Address,
        LeaseDuration = options.LeaseDuration,
        RenewDeadline = options.LeaseDuration * 2 / 3,
        RetryPeriod = options.LeaseDuration * 2 / 15,
    });

    private ObjectKey Lease => new(options.Namespace, "meshcanary-controller");

    private static string? Unready(ClusterCaches caches, ClusterMachine machine, ClusterAdmission admission) =>
        !caches.HasSynced || !machine.HasSynced ? "What there is in the cluster is not known yet." : admission.Certificate.Present is null ? "There is no certificate yet." : null;

    private async Task<WebHost> StartApiAsync(CanarySet set, StateDatabase database, IProxyDirectory proxies, ReconcileMetrics reconciling, CancellationToken cancellationToken)
    {
        var parts = new ApiParts
        {
            Canaries = set,
            Events = new EventLog(database),
            Runs = new RunHistory(database),
            Proxies = proxies,
            Probe = teardown.Add(new EndpointProbe(time)),
            Database = database,
            Time = time,
        };
        _registry.AddBeforeCollectCallback(() => reconciling.Depth.Set(set.Depth));
        return await ApiHost.StartAsync(options.Api, parts, _registry, loggers, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Replica {Name} stands for election; API on {Api}, proxies on {Control}, health and metrics on {Admin}.")]
    private partial void LogStarted(string name, IPEndPoint api, IPEndPoint control, IPEndPoint admin);
}
