using CsCheck;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Metrics;

public sealed class ProxyMetricSourceTests
{
    private const string Key = "shop/checkout";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly DateTimeOffset _start;
    private readonly Dictionary<string, long> _receipts = [];
    private readonly ProxyMetricSource _source;

    public ProxyMetricSourceTests()
    {
        _start = _time.GetUtcNow();
        _source = NewSource();
    }

    [Fact]
    public void Window_ReportedByAllProxies_ClosesWithTheSumOfBothArms()
    {
        Open("a", "b");
        Assert.Empty(Query().Windows);
        Tick(10);
        Report("a", 1, 9, 10, 100);
        Assert.Empty(Query().Windows);
        Report("b", 1, 9, 10, 50);

        var window = Assert.Single(Query().Windows);
        Assert.Equal((_start, _start + (10 * Second)), (window.Start, window.End));
        var sample = window.Sample("v1", "v2");
        Assert.Equal((135, 15), (sample.Stable.Requests, sample.Canary.Requests));
        Assert.Equal([(1000, 135L, 15L)], sample.Draws.Select(draws => (draws.CanaryWeight, draws.Stable, draws.Canary)));
    }

    [Fact]
    public void Window_OneProxyIsLate_ClosesAfterTheGraceAndCountsTheLateReportInTheNext()
    {
        Open("a", "b");
        Query();
        Tick(10);
        Report("a", 1, 9, 10, 100);
        Assert.Equal(_time.GetUtcNow() + (2 * Second), Query().AskAgainAt);
        Tick(2);
        Assert.Equal(90, Assert.Single(Query().Windows).Sample("v1", "v2").Stable.Requests);
        Report("b", 1, 9, 10, 50);
        Report("a", 2, 10, 12, 100);
        _source.Settle(Key, _start + (10 * Second));
        Tick(8);
        Report("a", 3, 12, 20, 0);
        Report("b", 2, 10, 20, 0);

        Assert.Equal(135, Assert.Single(Query().Windows).Sample("v1", "v2").Stable.Requests);
    }

    [Fact]
    public void Receipt_BeforeTheCountsAreStored_IsNotGiven()
    {
        Open("a");
        Query();
        Tick(10);
        Report("a", 1, 8, 9, 100);
        Report("a", 2, 9, 10, 100);
        Assert.Single(Query().Windows);
        Assert.False(_receipts.ContainsKey("a"));

        _source.Settle(Key, _start + (10 * Second));
        Assert.Equal(2, _receipts["a"]);
    }

    [Fact]
    public void Report_ThatComesAgain_CountsOnce()
    {
        Open("a");
        Query();
        Tick(10);
        Report("a", 1, 9, 10, 100);
        Report("a", 1, 9, 10, 100);
        Open("a");
        Report("a", 1, 9, 10, 100);

        Assert.Equal(90, Assert.Single(Query().Windows).Sample("v1", "v2").Stable.Requests);
    }

    [Fact]
    public void Counts_OfAThirdRevision_AreLeftOut()
    {
        Open("a");
        Query();
        Tick(10);
        var counts = Counts.Split(Key, "v1", "v2", 1000, 100);
        counts.Revisions.Add(Counts.Served("v0", 77));
        counts.Draws.Add(new Wire.DrawCounts { CanaryRevision = "v0", CanaryWeight = 10, Canary = 5 });
        Report("a", 1, 9, 10, counts);

        var sample = Assert.Single(Query().Windows).Sample("v1", "v2");
        Assert.Equal((90, 10, 1), (sample.Stable.Requests, sample.Canary.Requests, sample.Draws.Count));
    }

    [Fact]
    public void Report_OfAProxyWhoseClockRunsAhead_CountsWhenItArrives()
    {
        Open("a");
        Query();
        Tick(10);
        Report("a", 1, 3600, 3601, 100);

        Assert.Equal(90, Assert.Single(Query().Windows).Sample("v1", "v2").Stable.Requests);
    }

    [Fact]
    public void Backlog_AfterTheControllerWasAway_FillsTheWindowsItBelongsTo()
    {
        Query();
        Tick(60);
        Open("a");
        for (var window = 0; window < 6; window++)
            Report("a", window + 1, window * 10, (window + 1) * 10, 100);

        var windows = Query().Windows;
        Assert.Equal(6, windows.Length);
        Assert.All(windows, window => Assert.Equal(90, window.Sample("v1", "v2").Stable.Requests));
    }

    [Fact]
    public void Window_WhileAProxyComesAndGoesAllTheTime_IsNotHeldUpForLong()
    {
        Open("a");
        Query();
        Tick(10);
        Report("a", 1, 9, 10, 100);
        for (var restart = 0; restart < 12; restart++)
        {
            Open($"looping{restart}");
            Tick(1);
        }

        Assert.NotEmpty(Query().Windows);
    }

    [Fact]
    public void Windows_NobodyReportedOn_AreAbsent()
    {
        Query();
        Tick(60);
        Open("a");
        Report("a", 1, 59, 60, 100);

        var window = Assert.Single(Query().Windows);
        Assert.Equal(_start + (50 * Second), window.Start);
    }

    [Fact]
    public void Proxies_NoneConnected_AreAProblemWithAName()
    {
        Assert.Equal("no proxy is connected", Query().Problem);
        Open("a");
        Assert.Null(Query().Problem);
        Tick(6);
        Assert.Contains("no proxy has reported since", Query().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_ThatMakesNoSense_IsReceiptedWithoutItsCounts()
    {
        Open("a");
        Query();
        Tick(10);
        var counts = Counts.Split(Key, "v1", "v2", 1000, 100);
        counts.Revisions[0].Latency.Add(new Wire.BucketCount { Bucket = 9999, Count = 1 });
        Report("a", 1, 9, 10, counts);
        Report("a", 2, 10, 10, 10);

        Assert.Equal(9, Assert.Single(Query().Windows).Sample("v1", "v2").Stable.Requests);
        _source.Settle(Key, _start + (10 * Second));
        Assert.Equal(2, _receipts["a"]);
    }

    // Whatever is sent again, in whichever order proxies take turns, and wherever the source is lost with all it had not
    // settled: the settled windows hold every report once.
    [Fact]
    public void Reports_UnderAnyInterleavingWithLosses_CountExactlyOnce() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1]).Array[20, 120].Sample(steps =>
        {
            var world = new LossyWorld();
            foreach (var (step, proxy) in steps)
                world.Do(step, proxy);
            world.Drain();
            return world.Settled == world.Sent;
        });

    private ProxyMetricSource NewSource() => new(
        _time, Second, new ReportMetrics(global::Prometheus.Metrics.WithCustomRegistry(global::Prometheus.Metrics.NewCustomRegistry())), _ => { }, NullLogger<ProxyMetricSource>.Instance);

    private MetricReading Query() => _source.Query(Key, new CollectionPlan { Id = "r1", Anchor = _start, Interval = 10 * Second, CountedThrough = _start, Held = true });

    private void Open(params string[] instances)
    {
        foreach (var instance in instances)
            _source.Connected(instance, instance, sequence => _receipts[instance] = sequence);
    }

    private void Tick(int seconds) => _time.Advance(seconds * Second);

    private void Report(string instance, int sequence, int from, int to, int requests) =>
        Report(instance, sequence, from, to, Counts.Split(Key, "v1", "v2", 1000, requests));

    private void Report(string instance, int sequence, int from, int to, Wire.RouteCounts counts)
    {
        var report = new Wire.IntervalReport
        {
            Sequence = (ulong)sequence,
            StartUnixMs = (_start + (from * Second)).ToUnixTimeMilliseconds(),
            EndUnixMs = (_start + (to * Second)).ToUnixTimeMilliseconds(),
        };
        report.Routes.Add(counts);
        _source.Accept(instance, report);
    }
}
