using System.Net;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Calibrating;
using MeshCanary.Controller.Distribution;
using MeshCanary.Controller.Exposing;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Controller.Metrics.Prometheus.Access;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.CloudWatch;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Templates;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Traffic;
using MeshCanary.Controller.Workloads;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace MeshCanary.Controller.Hosting;

/// <summary>
/// Puts a controller together, in an order that keeps every promise: state before anything else, every Canary's traffic
/// plan before a proxy may ask for it, proxies before decisions, the API last.
/// </summary>
internal sealed partial class Startup(ControllerOptions options, TimeProvider time, ILoggerFactory loggers, Teardown teardown)
{
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly ILogger _logger = loggers.CreateLogger<ControllerServer>();
    private readonly Signals _signals = new();
    private readonly TimeSpan _reportInterval = ReportIntervalFor(options);

    /// <summary>Starts.</summary>
    public async Task<ControllerServer> RunAsync(CancellationToken cancellationToken)
    {
        OptionsCheck.Verify(options);
        var folder = teardown.Add(StateFolder.Take(options.StateFolder));
        var database = teardown.Add(StateDatabase.Open(folder.DatabaseFile));
        var store = new CanaryStore(database);
        var calibrations = new CalibrationStore(database);
        var gate = new TokenGate(options.TokenFile is null ? null : TokenFile.Load(options.TokenFile));
        var certificate = options.CertificateFile is null ? null : Certificates.Load(options.CertificateFile, options.CertificateKeyFile);
        var probe = teardown.Add(new EndpointProbe(time));
        var metrics = Prometheus.Metrics.WithCustomRegistry(_registry);
        var source = new ProxyMetricSource(time, _reportInterval, new ReportMetrics(metrics), _signals.One, loggers.CreateLogger<ProxyMetricSource>());
        var ledger = new SnapshotLedger(database);
        var board = new SnapshotBoard(ledger, time);
        var registry = teardown.Add(new ProxyRegistry(board, source, new DistributionMetrics(metrics), time));
        registry.Changed += _signals.All;
        var workload = teardown.Add(new StaticWorkload(probe, _signals.One, time));
        var prometheus = teardown.Add(new PrometheusClient(time));
        var asked = new SourceTools(prometheus, new FolderCredentials(), new SourceMetrics(metrics), time, loggers.CreateLogger<PrometheusMetricSource>());
        var sources = new SourceSwitch(source, teardown.Add(new PrometheusMetricSource(asked, _signals.One)));
        var secrets = new FolderSecretReader(Path.Combine(options.StateFolder, "secrets"));
        var answers = options.MetricProviders ?? MetricProviders.Standalone(teardown.Add(new ProviderHttp(time)), prometheus, new OwnAwsIdentity(), time);
        var asker = teardown.Add(new MetricAsker(new AskTools(answers, secrets, time)));
        var providers = new Providers(
            new("traffic router", router => router.Name, new ProxyTrafficRouter(board, registry)),
            sources,
            new("workload kind", kind => kind.Name, workload))
        {
            Custom = new CustomSources(asker, new FileTemplates(options.Templates)),
        };

        var records = await AdoptAsync(store, providers, probe, cancellationToken).ConfigureAwait(false);
        var reconciling = new ReconcileMetrics(metrics);
        var rollouts = new RolloutMetrics(metrics);
        var canaries = new CanarySet(records.Select(record => Control(new CanaryState(record, new ServiceCalibration(record.Manifest, calibrations, _logger)), providers, store, rollouts, reconciling)));
        canaries.Prepare();
        _signals.Reach(canaries);
        board.Open();

        var sessions = new SessionFactory(ledger.ControllerId(), _reportInterval, board, source, time);
        var directory = new SharedConfiguration(new ProxyRoom(registry, sessions, _reportInterval));
        var parts = new ControlParts(new SoleController(), gate, directory, time);
        var control = teardown.Add(await ControlHost.StartAsync(options.Control, ControlTls.Of(certificate), parts, loggers, cancellationToken).ConfigureAwait(false));
        registry.Open();
        teardown.Add(() => registry.DropAll("The controller is stopping."));
        teardown.Add(new SilenceWatch(directory, _reportInterval, time));
        teardown.Add(canaries);
        canaries.Start();
        var api = await StartApiAsync(canaries, database, directory, probe, reconciling, cancellationToken).ConfigureAwait(false);
        LogStarted(records.Count, options.StateFolder, api.Address, control.Address);
        return new ControllerServer(api.Address, control.Address, teardown);
    }

    private async Task<List<CanaryRecord>> AdoptAsync(CanaryStore store, Providers providers, EndpointProbe probe, CancellationToken cancellationToken)
    {
        foreach (var canary in options.Canaries)
            providers.For(canary);
        var known = store.Load();
        if (options.RequireStable)
            await StableCheck.VerifyAsync(options.Canaries.Where(canary => !known.ContainsKey(canary.Key)), probe, time, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var wanted = options.Canaries.Select(canary => canary.Key).ToHashSet(StringComparer.Ordinal);
        var commits = options.Canaries.Select(canary => Adoption.Take(canary, known.GetValueOrDefault(canary.Key), now))
            .Concat(known.Values.Where(record => !wanted.Contains(record.Key) && !record.Status.Released).Select(record => Adoption.Remove(record, now)))
            // Before a proxy hears of a route: its cookies are signed from the first one on.
            .Select(commit => commit with { Record = CookieKeys.Renew(commit.Record, now) })
            .ToList();
        foreach (var commit in commits)
        {
            if (commit.Events.Length > 0 || commit.Record != known.GetValueOrDefault(commit.Record.Key))
                store.Commit(commit);
            var (record, written) = (commit.Record, commit.Record.Manifest.Spec.Workload.GivenStable);
            if (record.Status.Stable != written)
                LogPromotedWins(record.Key, record.Status.Stable.Name, written.Name);
        }

        return commits.ConvertAll(commit => commit.Record);
    }

    private ControlledCanary Control(
        CanaryState state, Providers providers, CanaryStore store, RolloutMetrics rollouts, ReconcileMetrics reconciling)
    {
        var feed = new CanaryFeed(time);
        var logger = loggers.CreateLogger<CanaryWorker>();
        var reconciler = new Reconciler(providers.For(state.Record.Manifest), store, new CanaryPublisher(feed, rollouts), reconciling, time, logger);
        return new ControlledCanary(new CanaryWorker(state, reconciler, reconciling, time, logger), feed);
    }

    private async Task<WebHost> StartApiAsync(
        CanarySet canaries, StateDatabase database, IProxyDirectory proxies, EndpointProbe probe, ReconcileMetrics reconciling, CancellationToken cancellationToken)
    {
        var parts = new ApiParts
        {
            Canaries = canaries,
            Events = new EventLog(database),
            Runs = new RunHistory(database),
            Proxies = proxies,
            Probe = probe,
            Database = database,
            Time = time,
        };
        _registry.AddBeforeCollectCallback(() =>
        {
            reconciling.Depth.Set(canaries.Depth);
            reconciling.StoreUp.Set(database.Problem is null ? 1 : 0);
        });
        return teardown.Add(await ApiHost.StartAsync(options.Api, parts, _registry, loggers, cancellationToken).ConfigureAwait(false));
    }

    // Proxies keep a hundred and some reports at most, and an interval's are kept until it is stored as a whole.
    private static TimeSpan ReportIntervalFor(ControllerOptions options) => options.Canaries
        .Select(canary => canary.Spec.Analysis.Interval / 60)
        .Append(options.ReportInterval)
        .Max();

    [LoggerMessage(Level = LogLevel.Information, Message = "Controlling {Canaries} Canaries with the state in {Folder}; API on {Api}, proxies on {Control}.")]
    private partial void LogStarted(int canaries, string folder, IPEndPoint api, IPEndPoint control);

    [LoggerMessage(Level = LogLevel.Information, Message = "Canary {Canary}: {Promoted} was promoted before and stays stable; the manifest's {Written} is not looked at.")]
    private partial void LogPromotedWins(string canary, string promoted, string written);
}
