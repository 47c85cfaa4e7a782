using System.Collections.Immutable;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Controller.Metrics.Prometheus.Access;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Metrics.Prometheus;

/// <summary>Windows of one Canary as the reconciler gets them, over a real connection and a clock of the test's.</summary>
public sealed class PrometheusMetricSourceTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new(ScrapedSeries.Epoch.AddSeconds(300));
    private FakePrometheus _prometheus = null!;
    private PrometheusMetricSource _source = null!;

    public async ValueTask InitializeAsync()
    {
        _prometheus = await FakePrometheus.StartAsync(TestContext.Current.CancellationToken);
        _prometheus.Series = Steady(3600);
        _source = NewSource();
    }

    public ValueTask DisposeAsync()
    {
        _source.Dispose();
        return _prometheus.DisposeAsync();
    }

    [Fact]
    public async Task Query_WindowThatEnded_IsThereAScrapeLaterWithBothVersionsAndItsQueries()
    {
        await Eventually.Holds(() => Query() is { Problem: null, LatencyBoundaries.Length: 3 }, "the scrape interval is found");
        // The window ends at 360 s, and what was scraped until then is in 15 s later.
        Assert.Equal(ScrapedSeries.Epoch.AddSeconds(375), Query().AskAgainAt);
        _time.SetUtcNow(ScrapedSeries.Epoch.AddSeconds(375));
        var window = Assert.Single(await WindowsAsync(1));

        Assert.Equal((300, 360), Span(window));
        Assert.Equal((60, 6), (window.Of("v1").Counts.Requests, window.Of("v2").Counts.Requests));
        Assert.Empty(window.Draws);
        Assert.Equal(["istio_requests_total{pod=~\"(web-aaa|web-bbb)-[a-z0-9]+\",reporter=\"destination\",destination_workload_namespace=\"shop\"}[135001ms]",
            "{__name__=~\"istio_request_duration_milliseconds(_bucket)?\",pod=~\"(web-aaa|web-bbb)-[a-z0-9]+\",reporter=\"destination\",destination_workload_namespace=\"shop\"}[135001ms]"], window.Queries);
        Assert.Equal([0.005, 0.01, 0.025], Query().LatencyBoundaries);
    }

    [Fact]
    public async Task Query_UntilSettled_GivesTheSameWindowsAgain()
    {
        _time.SetUtcNow(ScrapedSeries.Epoch.AddSeconds(435));
        var windows = await WindowsAsync(2);
        Assert.Equal([(300, 360), (360, 420)], windows.Select(Span));
        Assert.Equal(2, Query().Windows.Length);

        _source.Settle("shop/web", windows[0].End);
        Assert.Equal((360, 420), Span(Assert.Single(Query().Windows)));
    }

    [Fact]
    public async Task Query_AfterARestart_GoesOnWhereItWasCountedThrough()
    {
        _time.SetUtcNow(ScrapedSeries.Epoch.AddSeconds(555));
        var before = await WindowsAsync(4);
        using var other = NewSource();
        var plan = Plan() with { CountedThrough = before[1].End };
        MetricReading? reading = null;
        await Eventually.Holds(() => (reading = other.Query("shop/web", plan)).Windows.Length == 2, "the rest is fetched");

        Assert.Equal(before.Skip(2).Select(Text), reading!.Windows.Select(Text));
    }

    [Theory]
    [InlineData(401, "credentials")]
    [InlineData(422, "cannot answer the query")]
    [InlineData(500, "out of order")]
    public async Task Query_PrometheusInTrouble_HoldsWithTheReasonAndFetchesWhatItMissed(int status, string says)
    {
        await Eventually.Holds(() => Query().Problem is null, "it works");
        _prometheus.Trouble = status;
        _time.SetUtcNow(ScrapedSeries.Epoch.AddSeconds(435));
        await AdvancingAsync(() => Query().Problem?.Contains(says, StringComparison.Ordinal) == true, "it is a problem");
        Assert.Empty(Query().Windows);
        Assert.True(Query().AskAgainAt > _time.GetUtcNow());

        _prometheus.Trouble = null;
        await AdvancingAsync(() => Query() is { Problem: null, Windows.Length: >= 2 }, "the windows are fetched later");
        Assert.Equal([(300, 360), (360, 420)], Query().Windows.Take(2).Select(Span));
    }

    [Fact]
    public async Task Query_WindowsShorterThanTwoScrapes_AreRefusedWithWhatToWrite()
    {
        await Eventually.Holds(() => Query(Plan() with { Interval = TimeSpan.FromSeconds(20) }).Problem?.Contains("shorter than two scrapes of 15 s", StringComparison.Ordinal) == true, "it is refused");
        Assert.Contains("set analysis.interval to 30s or more", Query(Plan() with { Interval = TimeSpan.FromSeconds(20) }).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_NoSeries_SaysWhatWasAskedFor()
    {
        _prometheus.Series = [];
        await Eventually.Holds(() => Query().Problem?.Contains("no series of the Canary's requests; it was asked for istio_requests_total{", StringComparison.Ordinal) == true, "it says so");
        Assert.Empty(Query().Windows);
    }

    [Fact]
    public async Task Query_PodsThatAreNotKnownYet_IsAProblemAndAsksForNothing()
    {
        var plan = Plan();
        plan = plan with { Canary = plan.Canary! with { Pods = ImmutableDictionary<string, RevisionPods>.Empty } };
        await Eventually.Holds(() => Query(plan).Problem?.Contains("not known yet which pods", StringComparison.Ordinal) == true, "it says so");
        Assert.Empty(_prometheus.Queries);
    }

    [Fact]
    public async Task Query_PrometheusThatWasAway_PassesOverWhatNobodyScraped()
    {
        // Nothing was scraped from 360 to 600 s; how much of what the first scrape after it shows came in which window nobody knows.
        _prometheus.Series = [.. Steady(900).Select(series => series with { Samples = [.. series.Samples.Where(sample => sample.At is <= 360 or >= 600)] })];
        _time.SetUtcNow(ScrapedSeries.Epoch.AddSeconds(500));
        await AdvancingAsync(() => Query().Problem?.Contains("no sample of the Canary's counters since 12:06:00 UTC", StringComparison.Ordinal) == true, "it is a problem");
        Assert.Equal((300, 360), Span(Assert.Single(Query().Windows)));

        _time.SetUtcNow(ScrapedSeries.Epoch.AddSeconds(740));
        await AdvancingAsync(() => Query() is { Problem: null, Windows.Length: >= 3 }, "it goes on");
        Assert.Equal([(300, 360), (600, 660), (660, 720)], Query().Windows.Take(3).Select(Span));
        Assert.Equal(60, Query().Windows[1].Of("v1").Counts.Requests);
    }

    [Fact]
    public async Task Query_WindowsOlderThanItMayAsk_ArePassedOver()
    {
        _time.SetUtcNow(ScrapedSeries.Epoch.AddSeconds(1500));
        var plan = Plan();
        var spec = plan.Canary!.Source.Prometheus! with { MaxBehind = TimeSpan.FromMinutes(5) };
        plan = plan with { Canary = plan.Canary with { Source = plan.Canary.Source with { Prometheus = spec } } };
        await Eventually.Holds(() => Query(plan).Windows.Length == 4, "the newest are there");

        Assert.Equal((1200, 1260), Span(Query(plan).Windows[0]));
    }

    [Fact]
    public async Task Query_BoundariesOfTheRun_StayThoughFinerOnesAreServed()
    {
        var plan = Plan() with { LatencyBoundaries = [0.005, 0.025] };
        _time.SetUtcNow(ScrapedSeries.Epoch.AddSeconds(375));
        await Eventually.Holds(() => Query(plan).Windows.Length == 1, "the window is there");

        Assert.Equal([0.005, 0.025], Query(plan).LatencyBoundaries);
    }

    private static (int, int) Span(ClosedWindow window) => ((int)(window.Start - ScrapedSeries.Epoch).TotalSeconds, (int)(window.End - ScrapedSeries.Epoch).TotalSeconds);

    private static string Text(ClosedWindow window) => System.Text.Json.JsonSerializer.Serialize(window.Sample("v1", "v2"), MeshCanary.Controller.Api.ApiJson.Options);

    // One request a second of v1, one in ten of v2, every 15 s a scrape.
    private static ScrapedSeries[] Steady(int seconds)
    {
        string Growing(double rate) => string.Join(' ', Enumerable.Range(0, (seconds / 15) + 1).Select(i => $"{i * 15}:{(int)(i * 15 * rate)}"));
        IEnumerable<ScrapedSeries> Pod(string pod, double rate) =>
        [
            ScrapedSeries.Of("istio_requests_total", $"pod={pod},response_code=200", Growing(rate)),
            .. ScrapedSeries.Histogram("istio_request_duration_milliseconds", $"pod={pod},response_code=200", Growing(rate), ("5", 0.5), ("10", 0.8), ("25", 0.9), ("+Inf", 1)),
        ];
        return [.. Pod("web-aaa-x1", 1), .. Pod("web-bbb-x2", 0.1)];
    }

    private CollectionPlan Plan() => new()
    {
        Id = "run-1",
        Anchor = ScrapedSeries.Epoch.AddSeconds(300),
        Interval = Minute,
        CountedThrough = ScrapedSeries.Epoch.AddSeconds(300),
        Held = true,
        Canary = new CountedCanary(
            "shop", "web",
            new SourceSpec { Type = SourceSpec.PrometheusType, Prometheus = new PrometheusSpec { Address = _prometheus.Address, Preset = MetricPreset.Istio } },
            IsProxied: false,
            [new Revision { Name = "v1", Addresses = [] }, new Revision { Name = "v2", Addresses = [] }],
            ImmutableDictionary<string, RevisionPods>.Empty.Add("v1", new RevisionPods(["web-aaa"], [])).Add("v2", new RevisionPods(["web-bbb"], []))),
    };

    private PrometheusMetricSource NewSource() => new(
        new SourceTools(
            new PrometheusClient(_time), new FolderCredentials(),
            new SourceMetrics(global::Prometheus.Metrics.WithCustomRegistry(global::Prometheus.Metrics.NewCustomRegistry())), _time, NullLogger.Instance),
        _ => { });

    private MetricReading Query() => Query(Plan());

    private MetricReading Query(CollectionPlan plan) => _source.Query("shop/web", plan);

    private async Task<ImmutableArray<ClosedWindow>> WindowsAsync(int count)
    {
        await Eventually.Holds(() => Query().Windows.Length == count, $"there are {count} windows");
        return Query().Windows;
    }

    // Pauses between tries are of the test's clock.
    private Task AdvancingAsync(Func<bool> condition, string otherwise) => Eventually.Holds(
        () =>
        {
            if (condition())
                return true;
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return false;
        },
        otherwise);
}
