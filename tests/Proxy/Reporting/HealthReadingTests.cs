using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Configuring;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Guarding;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Reporting;
using MeshCanary.Proxy.Routing;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Proxy.Upstreams;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Proxy.Tests.Reporting;

public sealed class HealthReadingTests : IDisposable
{
    private const int Routes = 600;

    private readonly EndpointBoard _endpoints = new(new ConnectLimits(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), TimeProvider.System, NullLoggerFactory.Instance);
    private readonly HealthReading _reading = new();
    private readonly RouteTableBuilder _builder;

    public HealthReadingTests()
    {
        var counters = new CounterBook();
        var endings = new CanaryEndings(TimeSpan.FromSeconds(30), TimeProvider.System, NullLogger<CanaryEndings>.Instance);
        var guards = new GuardBook(counters, TimeProvider.System, NullLogger<CanaryGuard>.Instance);
        _builder = new RouteTableBuilder(_endpoints, counters, endings, guards, new MirrorBook(), trustForwarded: false);
    }

    public void Dispose() => _endpoints.Dispose();

    [Fact]
    public void Take_ManyRoutes_TellsChangesAtOnceAndTheOthersInTurn()
    {
        var table = Table(1);
        Assert.Equal(Routes, Take(table).Count);
        Assert.Equal(HealthReading.InTurn, Take(table).Count);

        var entry = table.Entries[1];
        var endpoint = entry.Stable.Endpoints.All.Single();
        for (var i = 0; i < 3; i++)
        {
            endpoint.Begin();
            endpoint.End(EndpointResult.Unreachable);
        }

        HashSet<RouteEntry> told = [];
        for (var report = 0; report < 3; report++)
        {
            var now = Take(table);
            told.UnionWith(now);
            if (report == 0)
                Assert.Contains(entry, now);
            Assert.InRange(now.Count, HealthReading.InTurn, HealthReading.InTurn + 1);
        }

        Assert.Equal(Routes, told.Count);
        Assert.False(Assert.Single(HealthReading.Of(entry)).Ready);
    }

    [Fact]
    public void Take_FewRoutes_TellsAllEachTime()
    {
        var table = Table(1, routes: 3);
        for (var report = 0; report < 5; report++)
            Assert.Equal(table.Entries, Take(table));
        Assert.Empty(Take(RouteTable.Empty));
    }

    private List<RouteEntry> Take(RouteTable table) => [.. _reading.Take(table)];

    private RouteTable Table(ulong version, int routes = Routes)
    {
        var snapshot = new Snapshot { Version = version };
        for (var i = 0; i < routes; i++)
            snapshot.Routes.Add(new Route { Name = $"route-{i}", PathPrefix = "/", Hosts = { $"host-{i}" }, Stable = Snapshots.Arm("v1", $"http://127.0.0.1:{i + 1}") });
        var table = _builder.Build(snapshot, RouteTable.Empty);
        _endpoints.Retain([.. table.Entries.Select(entry => entry.Stable.Endpoints)]);
        return table;
    }
}
