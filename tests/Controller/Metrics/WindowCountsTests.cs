using MeshCanary.Analysis.Samples;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Metrics;

/// <summary>Counts by endpoint and by user on their way from reports to windows.</summary>
public sealed class WindowCountsTests : IDisposable
{
    private const string Key = "shop/checkout";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly DateTimeOffset _start;
    private readonly LogSink _log = new();
    private readonly ProxyMetricSource _source;
    private readonly ReportMetrics _metrics = new(global::Prometheus.Metrics.WithCustomRegistry(global::Prometheus.Metrics.NewCustomRegistry()));
    private readonly Dictionary<string, ulong> _sequences = new() { ["a"] = 0, ["b"] = 0 };

    public WindowCountsTests()
    {
        _start = _time.GetUtcNow();
        _source = new ProxyMetricSource(_time, TimeSpan.FromSeconds(1), _metrics, _ => { }, new Microsoft.Extensions.Logging.Logger<ProxyMetricSource>(_log));
        _source.Connected("a", "a", _ => { });
        _source.Connected("b", "b", _ => { });
        Query();
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Endpoints_OfAllProxies_AreMergedByNameInOrder()
    {
        var sample = Close(
            Route(Revision("v1", ("http://b", 3, 10), ("http://a", 1, 5)), Revision("v2", ("http://c", 0, 7))),
            Route(Revision("v1", ("http://b", 1, 2), ("http://b", 0, 4)))).Sample("v1", "v2");

        Assert.Equal(["http://a", "http://b"], sample.StableEndpoints.Select(endpoint => endpoint.Endpoint));
        Assert.Equal([(6L, 1L), (20L, 4L)], sample.StableEndpoints.Select(endpoint => (endpoint.Counts.Requests, endpoint.Counts.Errors)));
        Assert.Equal(sample.Stable, sample.StableEndpoints.Select(endpoint => endpoint.Counts).Aggregate((sum, next) => sum.Merge(next)));
        Assert.Equal(sample.Canary, Assert.Single(sample.CanaryEndpoints).Counts);
    }

    [Fact]
    public void Endpoints_OfAProxyThatDoesNotCountThem_AreAbsent()
    {
        var old = Counts.Served("v1", 50);
        old.Endpoints.Add(new Wire.EndpointCounts { Address = "http://a", Requests = 50 });

        var sample = Close(Route(old), Route()).Sample("v1", "v2");
        Assert.Equal(50, sample.Stable.Requests);
        Assert.Empty(sample.StableEndpoints);
        Assert.Empty(sample.CanaryEndpoints);
    }

    [Fact]
    public void Users_NobodyCountsThem_AreNull() => Assert.Null(Close(Route(), Route()).Sample("v1", "v2").Users);

    [Fact]
    public void Users_NobodyCame_AreNone()
    {
        var users = Close(Route(new Wire.UserCounts { StableRevision = "v1", CanaryRevision = "v2" }), Route()).Sample("v1", "v2").Users;
        Assert.Equal(new UserSample(ArmCounts.None, ArmCounts.None), users);
    }

    [Fact]
    public void Users_OfAllProxiesOfThisRun_AreAddedUp()
    {
        var sample = Close(
            Route(Users("v1", "v2", 40, 10), Users("v1", "v3", 500, 500)),
            Route(Users("v1", "v2", 2, 1), Users("v0", "v2", 500, 500))).Sample("v1", "v2");

        Assert.Equal((42, 11), (sample.Users!.Stable.Requests, sample.Users.Canary.Requests));
        Assert.Equal((0, 0), (sample.Stable.Requests, sample.Canary.Requests));
        Assert.Equal(12, _metrics.UsersUncounted.Value);
    }

    [Theory]
    [InlineData("latency bucket 100: it has 6, but of the revision's only 5 are left for it", 6, 0, 6, 0)]
    [InlineData("server errors: it has 2, but of the revision's only 1 are left for it", 1, 2, 3, 2)]
    [InlineData("endpoint http://z has 9 requests and 0 errors, but outcomes of 5 and 0", 5, 0, 9, 0)]
    [InlineData("endpoint http://z has 6 requests and 0 errors, but outcomes of 6 and 1", 5, 1, 6, 0)]
    public void Report_WhoseEndpointsContradictTheirRevision_IsRefusedWithTheReason(string reason, ulong latency, ulong errors, ulong saidRequests, ulong saidErrors)
    {
        var served = Revision("v1", ("http://a", 1, 5), ("http://z", 1, 5));
        var last = served.Endpoints[1];
        (last.Requests, last.Errors) = (saidRequests, saidErrors);
        last.Outcomes = Outcomes(errors, latency);

        IsRefused(Route(served));
        Assert.Contains(_log.Lines, line => line.Text.Contains($"route {Key}: revision v1: endpoint http://z", StringComparison.Ordinal) && line.Text.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Report_WhoseUsersMakeNoSense_IsRefusedWithTheReason()
    {
        var users = Users("v1", "v2", 1, 1);
        users.Canary.Latency.Add(new Wire.BucketCount { Bucket = 304, Count = 1 });
        IsRefused(Route(users));
        Assert.Contains(_log.Lines, line => line.Text.Contains("users of v1 and v2: latency bucket 304 is outside 0…303", StringComparison.Ordinal));
    }

    [Fact]
    public void Report_WhoseBucketsAddUpToTooMuch_IsRefused()
    {
        var served = new Wire.RevisionCounts { Revision = "v1" };
        for (var i = 0; i < 3; i++)
            served.Latency.Add(new Wire.BucketCount { Bucket = 7, Count = 1UL << 47 });
        IsRefused(Route(served));
    }

    [Fact]
    public void Windows_WithoutARun_AreCollectedOnceEachAndNotForEver()
    {
        QueryIdle();
        foreach (var requests in new ulong[] { 3, 4 })
        {
            Report(Route(Revision("v1", ("http://a", 0, requests))), Route());
            var window = Assert.Single(QueryIdle().Windows);
            Assert.Equal((long)requests, Assert.Single(window.Of("v1").Endpoints).Counts.Requests);
            Assert.Empty(window.Of("v2").Endpoints);
            _source.Settle(Key, window.End);
            Assert.Empty(QueryIdle().Windows);
        }

        for (var i = 0; i < 100; i++)
            Report(Route(Revision("v1", ("http://a", 0, 1))), Route());
        Assert.Equal(30, QueryIdle().Windows.Length);
    }

    private MetricReading Query() => _source.Query(Key, new CollectionPlan { Id = "r1", Anchor = _start, Interval = Interval, CountedThrough = _start, Held = true });

    private MetricReading QueryIdle() => _source.Query(
        Key, new CollectionPlan { Id = "", Anchor = DateTimeOffset.UnixEpoch, Interval = Interval, CountedThrough = _time.GetUtcNow(), Held = false });

    private ClosedWindow Close(Wire.RouteCounts fromA, Wire.RouteCounts fromB)
    {
        Report(fromA, fromB);
        return Assert.Single(Query().Windows);
    }

    // The report has no counts then, and no time either: the window closes after the grace.
    private void IsRefused(Wire.RouteCounts counts)
    {
        Report(counts, Route(Revision("v1", ("http://good", 0, 1))));
        _time.Advance(TimeSpan.FromSeconds(3));
        var sample = Assert.Single(Query().Windows).Sample("v1", "v2");
        Assert.Equal((1, null), (sample.Stable.Requests, sample.Users));
        Assert.Equal("http://good", Assert.Single(sample.StableEndpoints).Endpoint);
        Assert.Equal(1, _metrics.Refused.Value);
    }

    private void Report(Wire.RouteCounts fromA, Wire.RouteCounts fromB)
    {
        _time.Advance(Interval);
        foreach (var (instance, counts) in new[] { ("a", fromA), ("b", fromB) })
        {
            var end = _time.GetUtcNow().ToUnixTimeMilliseconds();
            var report = new Wire.IntervalReport { Sequence = ++_sequences[instance], StartUnixMs = end - (long)Interval.TotalMilliseconds, EndUnixMs = end };
            report.Routes.Add(counts);
            _source.Accept(instance, report);
        }
    }

    private static Wire.RouteCounts Route(params object[] parts)
    {
        var route = new Wire.RouteCounts { Route = Key };
        route.Revisions.AddRange(parts.OfType<Wire.RevisionCounts>());
        route.Users.AddRange(parts.OfType<Wire.UserCounts>());
        return route;
    }

    private static Wire.RevisionCounts Revision(string name, params (string Address, ulong Errors, ulong Good)[] endpoints)
    {
        var served = new Wire.RevisionCounts { Revision = name };
        foreach (var (address, errors, good) in endpoints)
        {
            served.ServerErrors += errors;
            served.Latency.Add(new Wire.BucketCount { Bucket = 100, Count = good });
            served.Endpoints.Add(new Wire.EndpointCounts { Address = address, Requests = errors + good, Errors = errors, Outcomes = Outcomes(errors, good) });
        }

        return served;
    }

    private static Wire.UserCounts Users(string stable, string canary, ulong ofStable, ulong ofCanary) => new()
    {
        StableRevision = stable,
        CanaryRevision = canary,
        Stable = Outcomes(1, ofStable - 1),
        Canary = Outcomes(0, ofCanary),
        Uncounted = 3,
    };

    private static Wire.OutcomeCounts Outcomes(ulong errors, ulong good) => new() { ServerErrors = errors, Latency = { new Wire.BucketCount { Bucket = 100, Count = good } } };
}
