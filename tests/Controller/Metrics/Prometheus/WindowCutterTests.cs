using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Prometheus.Cutting;
using MeshCanary.Controller.Metrics.Prometheus.Naming;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Metrics.Prometheus;

public sealed class WindowCutterTests
{
    private static readonly ScrapeHabit Habit = new(TimeSpan.FromSeconds(30), [0.1, 0.5]);
    private static readonly WindowGrid Minutes = new(ScrapedSeries.Epoch, TimeSpan.FromSeconds(60), 2);

    private static readonly SourceQueries Queries = new()
    {
        Requests = "requests_total",
        Latency = "latency_seconds",
        SecondsPerUnit = 1,
        Matchers = "",
        Errors = [new LabelPattern("code", "5..")],
        Ignored = [new LabelPattern("code", "499")],
        Revisions = new RevisionNames(
            new RevisionLabelSpec("pod", RevisionMark.ReplicaSet),
            ImmutableSortedDictionary<string, string>.Empty.Add("web-aaa", "v1").Add("web-bbb", "v2"),
            null),
    };

    [Fact]
    public void Cut_CountersThatRise_GivesWhatCameBetweenTheLastScrapesBeforeTheEdges()
    {
        var windows = Cut(
            [Requests("pod=web-aaa-1,code=200", "-10:1000 20:1100 50:1200 80:1290 110:1400"), Requests("pod=web-aaa-1,code=500", "-10:3 20:3 50:5 80:5 110:6")],
            Latency("pod=web-aaa-1,code=200", "-10:1000 20:1100 50:1200 80:1290 110:1400"));

        Assert.Equal((200, 2), Sizes(windows[0], "v1"));
        Assert.Equal((200, 1), Sizes(windows[1], "v1"));
        var endpoint = Assert.Single(windows[0]!.Of("v1").Endpoints);
        Assert.Equal("web-aaa-1", endpoint.Endpoint);
        Assert.Equal(202, endpoint.Counts.Requests);
    }

    [Fact]
    public void Cut_BothVersions_AreCutAtTheSameInstantsAndNotMixed()
    {
        var windows = Cut(
            [Requests("pod=web-aaa-1,code=200", "0:0 30:10 60:20 90:30"), Requests("pod=web-bbb-1,code=200", "5:0 35:1 65:2 95:3"), Requests("pod=other-ccc-1,code=200", "0:0 30:99 60:99")],
            [.. Latency("pod=web-aaa-1,code=200", "0:0 30:10 60:20 90:30"), .. Latency("pod=web-bbb-1,code=200", "5:0 35:1 65:2 95:3")]);

        Assert.Equal(((20, 0), (1, 0)), (Sizes(windows[0], "v1"), Sizes(windows[0], "v2")));
        Assert.Equal(((10, 0), (2, 0)), (Sizes(windows[1], "v1"), Sizes(windows[1], "v2")));
        Assert.Equal(2, windows[0]!.Revisions.Count);
    }

    [Fact]
    public void Cut_ProcessThatRestarts_CountsWhatItShowsSince()
    {
        var windows = Cut([Requests("pod=web-aaa-1,code=200", "0:500 30:520 45:7 59:9")], Latency("pod=web-aaa-1,code=200", "0:500 30:520 45:7 59:9"));

        Assert.Equal((29, 0), Sizes(windows[0], "v1"));
    }

    [Fact]
    public void Cut_HistogramThatRestartsWhileOneBucketIsLarger_IsResetAsAWhole()
    {
        // The fast bucket fell, the slow one has more than before: one reset, not one each.
        var latency = ScrapedSeries.Histogram("latency_seconds", "pod=web-aaa-1,code=200", "0:10 30:40", ("0.1", 0), ("0.5", 0), ("+Inf", 1)).ToList();
        latency[0] = latency[0] with { Samples = [(0, 9), (30, 5)] };
        latency[1] = latency[1] with { Samples = [(0, 9), (30, 20)] };
        var window = Cut([Requests("pod=web-aaa-1,code=200", "0:10 30:40"), Requests("pod=web-aaa-1,code=201", "0:10 30:20")], [.. latency.Select(series => series.Read())])[0]!;

        var counts = window.Of("v1").Counts.Latency;
        Assert.Equal((40, 35, 20), (counts.Total, counts.CountAbove(LatencyBuckets.IndexOf(0.1)), counts.CountAbove(LatencyBuckets.IndexOf(0.5))));
    }

    [Fact]
    public void Cut_FirstFailureOfAKnownProcess_Counts()
    {
        // Nobody exports a zero before the first failure: taking its first sample for a beginning would lose the failures of a version that breaks.
        var windows = Cut(
            [Requests("pod=web-bbb-1,code=200", "0:10 30:20 60:30"), Requests("pod=web-bbb-1,code=500", "30:17 60:18")],
            Latency("pod=web-bbb-1,code=200", "0:10 30:20 60:30"));

        Assert.Equal((20, 18), Sizes(windows[0], "v2"));
    }

    [Fact]
    public void Cut_ProcessThatIsNew_CountsFromItsFirstScrape()
    {
        // How much of the 900 came in this window nobody knows.
        var windows = Cut(
            [Requests("pod=web-aaa-1,code=200", "0:0 30:10 60:20"), Requests("pod=web-bbb-1,code=200", "20:900 50:950")],
            [.. Latency("pod=web-aaa-1,code=200", "0:0 30:10 60:20"), .. Latency("pod=web-bbb-1,code=200", "20:900 50:950")]);

        Assert.Equal((50, 0), Sizes(windows[0], "v2"));
    }

    [Fact]
    public void Cut_PodThatDies_KeepsWhatItServedUntilItsLastScrape()
    {
        var windows = Cut([Requests("pod=web-aaa-1,code=200", "0:0 30:10"), Requests("pod=web-aaa-2,code=200", "0:0 30:5 60:10 90:15")],
            [.. Latency("pod=web-aaa-1,code=200", "0:0 30:10"), .. Latency("pod=web-aaa-2,code=200", "0:0 30:5 60:10 90:15")]);

        Assert.Equal((20, 0), Sizes(windows[0], "v1"));
        Assert.Equal((5, 0), Sizes(windows[1], "v1"));
    }

    [Fact]
    public void Cut_ScrapesThatFail_MoveCountsToTheNextWindowAndLoseNone()
    {
        var windows = Cut([Requests("pod=web-aaa-1,code=200", "0:0 30:10 90:40 120:50")], Latency("pod=web-aaa-1,code=200", "0:0 30:10 90:40 120:50"));

        Assert.Equal((10, 0), Sizes(windows[0], "v1"));
        Assert.Equal((40, 0), Sizes(windows[1], "v1"));
    }

    [Fact]
    public void Cut_ScrapesThatFailForLong_LoseWhatCameMeanwhileAndInventNothing()
    {
        // Five scrapes of 30 s are missing: the counter may have begun anew more than once.
        var windows = Cut([Requests("pod=web-aaa-1,code=200", "-131:0 20:500 50:510")], Latency("pod=web-aaa-1,code=200", "-131:0 20:500 50:510"));

        Assert.Equal((10, 0), Sizes(windows[0], "v1"));
    }

    [Fact]
    public void Cut_WindowWithoutAScrape_IsAbsentAndNotEmpty()
    {
        var windows = Cut([Requests("pod=web-aaa-1,code=200", "-30:0 0:5 90:10")], Latency("pod=web-aaa-1,code=200", "-30:0 0:5 90:10"));

        Assert.Null(windows[0]);
        Assert.Equal((5, 0), Sizes(windows[1], "v1"));
    }

    [Fact]
    public void Cut_RequestsThatClientsGaveUp_AreInNeitherCount()
    {
        var windows = Cut(
            [Requests("pod=web-aaa-1,code=200", "0:0 30:10"), Requests("pod=web-aaa-1,code=499", "0:0 30:4")],
            [.. Latency("pod=web-aaa-1,code=200", "0:0 30:10"), .. Latency("pod=web-aaa-1,code=499", "0:0 30:4")]);

        Assert.Equal((10, 0), Sizes(windows[0], "v1"));
    }

    [Fact]
    public void Cut_HistogramOfAllRequests_LosesTheFailuresFromItsFastest()
    {
        // 100 requests of which 10 failed, 20 slow: nothing slow disappears.
        var latency = ScrapedSeries.Histogram("latency_seconds", "pod=web-aaa-1", "0:0 30:100", ("0.1", 0.8), ("0.5", 0.9), ("+Inf", 1)).Select(series => series.Read());
        var counts = Cut([Requests("pod=web-aaa-1,code=200", "0:0 30:90"), Requests("pod=web-aaa-1,code=500", "0:0 30:10")], [.. latency])[0]!.Of("v1").Counts;

        Assert.Equal((10, 90), (counts.Errors, counts.Latency.Total));
        Assert.Equal((20, 10), (counts.Latency.CountAbove(LatencyBuckets.IndexOf(0.1)), counts.Latency.CountAbove(LatencyBuckets.IndexOf(0.5))));
    }

    [Fact]
    public void Cut_NativeHistogram_IsReadAtTheBoundariesAndBeforeTheClassicOne()
    {
        PrometheusHistogram At(double seconds, double fast, double slow) => new(
            ScrapedSeries.Milliseconds(seconds), fast + slow, [new PrometheusBucket(0.05, 0.1, fast), new PrometheusBucket(0.25, 0.5, slow)]);
        var labels = new Dictionary<string, string> { ["__name__"] = "latency_seconds", ["pod"] = "web-aaa-1", ["code"] = "200" };
        var counts = Cut(
            [Requests("pod=web-aaa-1,code=200", "0:10 30:40")],
            [new PrometheusSeries(labels, [], [At(0, 8, 2), At(30, 30, 10)]), .. Latency("pod=web-aaa-1,code=200", "0:10 30:999")])[0]!.Of("v1").Counts;

        Assert.Equal((30, 8, 0), (counts.Latency.Total, counts.Latency.CountAbove(LatencyBuckets.IndexOf(0.1)), counts.Latency.CountAbove(LatencyBuckets.IndexOf(0.5))));
    }

    [Fact]
    public void Cut_NativeHistogramThatReachesAcrossABoundary_IsAFault()
    {
        var labels = new Dictionary<string, string> { ["__name__"] = "latency_seconds", ["pod"] = "web-aaa-1", ["code"] = "200" };
        var histogram = new PrometheusHistogram(ScrapedSeries.Milliseconds(0), 1, [new PrometheusBucket(0.0625, 0.25, 1)]);

        Assert.Contains("too coarse", Fault([Requests("pod=web-aaa-1,code=200", "0:0 30:1")], [new PrometheusSeries(labels, [], [histogram])]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0:0 30:NaN 50:4", "NaN")]
    [InlineData("0:0 30:-1 50:4", "-1")]
    [InlineData("0:0 30:Infinity", "Infinity")]
    public void Cut_CounterThatIsNone_IsAFaultAndNotZero(string samples, string culprit)
    {
        var fault = Fault([Requests("pod=web-aaa-1,code=200", samples)], Latency("pod=web-aaa-1,code=200", "0:0 30:4"));

        Assert.Contains(culprit, fault, StringComparison.Ordinal);
        Assert.Contains("web-aaa-1", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_BucketThatTheRunComparesAtIsGone_IsAFaultThatNamesIt()
    {
        var latency = ScrapedSeries.Histogram("latency_seconds", "pod=web-bbb-1,code=200", "0:0 30:5", ("0.1", 0.5), ("1", 1), ("+Inf", 1)).Select(series => series.Read());

        var fault = Fault([Requests("pod=web-bbb-1,code=200", "0:0 30:5")], [.. latency]);
        Assert.Contains("no bucket that ends at 0.5", fault, StringComparison.Ordinal);
        Assert.Contains("web-bbb-1", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_RequestsWithoutLatencies_AreAFaultAndNotFailuresAlone()
    {
        Assert.Contains("only 0 of them", Fault([Requests("pod=web-aaa-1,code=200", "0:0 30:900")], []), StringComparison.Ordinal);
    }

    private static PrometheusSeries Requests(string labels, string samples) => ScrapedSeries.Of("requests_total", labels, samples).Read();

    private static PrometheusSeries[] Latency(string labels, string totals) =>
        [.. ScrapedSeries.Histogram("latency_seconds", labels, totals, ("0.1", 0.5), ("0.25", 0.7), ("0.5", 0.9), ("+Inf", 1)).Select(series => series.Read())];

    private static ImmutableArray<ClosedWindow?> Cut(PrometheusSeries[] requests, PrometheusSeries[] latencies)
    {
        var cut = new WindowCutter(Queries, Habit, Minutes).Cut([.. requests], [.. latencies]);
        Assert.Null(cut.Fault);
        return cut.Windows;
    }

    private static string Fault(PrometheusSeries[] requests, PrometheusSeries[] latencies)
    {
        var cut = new WindowCutter(Queries, Habit, Minutes).Cut([.. requests], [.. latencies]);
        Assert.Empty(cut.Windows);
        return cut.Fault!;
    }

    private static (long Good, long Errors) Sizes(ClosedWindow? window, string revision) =>
        (window!.Of(revision).Counts.Latency.Total, window.Of(revision).Counts.Errors);
}
