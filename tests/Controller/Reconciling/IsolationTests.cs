using System.Collections.Immutable;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Calibrating;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Controller.Traffic;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Reconciling;

public sealed class IsolationTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly StateDatabase _database;

    public IsolationTests() => _database = StateDatabase.Open(_folder.File("state.db"));

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Canary_WhoseReconcileThrows_StopsNoOtherAndIsTriedAgain()
    {
        var broken = new ThrowingRouter { Fails = true };
        await using var bad = Worker("bad", broken);
        await using var good = Worker("good", new ThrowingRouter());
        bad.Start();
        good.Start();

        await Eventually.Holds(() => bad.Problem is not null, "Nothing goes wrong");
        await Eventually.Holds(() => good.State.Record.Status.Phase == Phase.Stable, "The other one does not go on");
        Assert.Equal(Phase.Adopting, bad.State.Record.Status.Phase);

        broken.Fails = false;
        await Eventually.Holds(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(bad.Problem is null && bad.State.Record.Status.Phase == Phase.Stable);
            },
            () => "It is not tried again");
    }

    [Fact]
    public async Task Request_WhileAReconcileThrows_IsAnsweredWithTheFailure()
    {
        await using var bad = Worker("bad", new ThrowingRouter { Fails = true });
        bad.Start();
        await Eventually.Holds(() => bad.Problem is not null, "Nothing goes wrong");

        await Assert.ThrowsAsync<InvalidOperationException>(() => bad.AskAsync(
            new AnnounceRequest(Revision.Named("http://127.0.0.1:9"), "test"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Worker_WhileAReconcileIsAtWork_IsBehind()
    {
        using var gate = new ManualResetEventSlim();
        var router = new ThrowingRouter { Gate = gate };
        await using var worker = Worker("slow", router);
        worker.Start();
        Assert.True(router.Looking.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken), "Nobody looks");
        Assert.True(worker.IsBehind);
        gate.Set();
        await Eventually.Holds(() => !worker.IsBehind, "It does not come to rest");
    }

    [Fact]
    public async Task Endpoints_ThatChange_AreRoutedWhileTheStoreIsSlow()
    {
        var (router, workload, store) = (new ThrowingRouter(), new ReadyWorkload { Address = "http://127.0.0.1:1" }, new StuckStore());
        await using var worker = Worker("slow", router, workload, store);
        worker.Start();
        await store.Asked.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(["http://127.0.0.1:1"], router.Stable);
    }

    [Fact]
    public async Task Endpoints_ThatChange_AreRoutedWhileNothingCanBeStored()
    {
        var (router, workload, store) = (new ThrowingRouter(), new ReadyWorkload { Address = "http://127.0.0.1:1" }, new StuckStore());
        store.Fail();
        await using var worker = Worker("refused", router, workload, store);
        worker.Start();
        await Eventually.Holds(() => worker.Problem is not null, "Nothing goes wrong");

        // The clock stands still: there is no second try.
        workload.Address = "http://127.0.0.1:2";
        worker.Signal();
        await Eventually.Holds(() => router.Stable is ["http://127.0.0.1:2"], "The new endpoint gets no requests");
        Assert.True(worker.IsBehind);
    }

    private CanaryWorker Worker(string name, ThrowingRouter router, IWorkload? workload = null, ICanaryStore? store = null)
    {
        var manifest = TestController.Manifest(name, "http://127.0.0.1:1");
        var status = Decider.Begin(manifest.Spec, _time.GetUtcNow());
        var state = new CanaryState(
            new CanaryRecord { Manifest = manifest, Status = status, Announced = status.Stable },
            new ServiceCalibration(manifest, new CalibrationStore(_database), NullLogger.Instance));
        var metrics = Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry());
        var source = new ProxyMetricSource(_time, TimeSpan.FromSeconds(1), new ReportMetrics(metrics), _ => { }, NullLogger<ProxyMetricSource>.Instance);
        var publisher = new CanaryPublisher(new CanaryFeed(_time), new RolloutMetrics(metrics));
        var reconciling = new ReconcileMetrics(metrics);
        var reconciler = new Reconciler(new CanaryPorts(router, source, workload ?? new ReadyWorkload()), store ?? new CanaryStore(_database), publisher, reconciling, _time, NullLogger.Instance);
        return new CanaryWorker(state, reconciler, reconciling, _time, NullLogger.Instance);
    }

    private sealed class ThrowingRouter : ITrafficRouter
    {
        private TrafficPlan? _plan;

        public volatile bool Fails;

        /// <summary>Looking takes until this is set; null looks at once.</summary>
        public ManualResetEventSlim? Gate { get; set; }

        /// <summary>Set while somebody looks.</summary>
        public ManualResetEventSlim Looking { get; } = new();

        public string Name => "throwing";

        public ImmutableArray<string> Stable { get; private set; } = [];

        public void Apply(RouteOrder order) => (_plan, Stable) = (order.Plan, order.Stable);

        public TrafficSight Observe(string key)
        {
            Looking.Set();
            Gate?.Wait(TestContext.Current.CancellationToken);
            return Fails
                ? throw new InvalidOperationException("The router is out of order.")
                : new TrafficSight(new TrafficObservation { Acknowledged = _plan, Proxies = 1, ProxiesAcknowledged = 1 }, []);
        }

        public void Release(string key) => _plan = null;
    }

    // Stores nothing: it takes for ever, or fails.
    private sealed class StuckStore : ICanaryStore
    {
        private readonly TaskCompletionSource _asked = new();
        private readonly TaskCompletionSource _end = new();

        public Task Asked => _asked.Task;

        public void Fail() => _end.SetException(new InvalidOperationException("Nothing can be stored."));

        public Task CommitAsync(CanaryCommit commit, CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            return _end.Task.WaitAsync(cancellationToken);
        }
    }

    private sealed class ReadyWorkload : IWorkload
    {
        /// <summary>The one endpoint of every revision; null for none.</summary>
        public volatile string? Address;

        private ImmutableDictionary<string, int> _ready = ImmutableDictionary<string, int>.Empty;

        public string Name => "ready";

        public void Watch(string key, LookingAt how, IReadOnlyCollection<Revision> revisions) =>
            _ready = revisions.ToImmutableDictionary(revision => revision.Name, revision => revision.Addresses.Length);

        public WorkloadSight Read(string key) => new()
        {
            Ready = _ready,
            Addresses = Address is { } address ? _ready.Keys.ToImmutableDictionary(name => name, _ => ImmutableArray.Create(address)) : ImmutableDictionary<string, ImmutableArray<string>>.Empty,
        };

        public void Apply(string key, WorkloadPlan plan)
        {
        }
    }
}
