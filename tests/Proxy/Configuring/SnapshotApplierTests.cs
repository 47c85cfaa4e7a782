using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Configuring;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Guarding;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Proxy.Upstreams;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Proxy.Tests.Configuring;

public sealed class SnapshotApplierTests : IDisposable
{
    private readonly EndpointBoard _endpoints = new(new ConnectLimits(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), TimeProvider.System, NullLoggerFactory.Instance);
    private readonly RouteTableHolder _tables = new();
    private readonly SnapshotApplier _applier;

    public SnapshotApplierTests()
    {
        var counters = new CounterBook();
        var endings = new CanaryEndings(TimeSpan.FromSeconds(30), TimeProvider.System, NullLogger<CanaryEndings>.Instance);
        var guards = new GuardBook(counters, TimeProvider.System, NullLogger<CanaryGuard>.Instance);
        var mirrors = new MirrorBook();
        var builder = new RouteTableBuilder(_endpoints, counters, endings, guards, mirrors, trustForwarded: false);
        _applier = new SnapshotApplier(builder, _tables, _endpoints, endings, guards, mirrors, counters);
    }

    public void Dispose() => _endpoints.Dispose();

    [Fact]
    public void Apply_OneRouteOfManyDiffers_TakesOverAllOthers()
    {
        const int Count = 2_000;
        var snapshot = new Snapshot { Version = 1 };
        for (var i = 0; i < Count; i++)
            snapshot.Routes.Add(new Route { Name = $"route-{i}", PathPrefix = "/", Hosts = { $"host-{i}" }, Stable = Snapshots.Arm("v1", $"http://127.0.0.1:{i + 1}") });
        Assert.True(_applier.Apply(snapshot).Accepted);
        var before = _tables.Current;

        var next = snapshot.Clone();
        (next.Version, next.Routes[7].Stable.Revision) = (2, "v2");
        Assert.True(_applier.Apply(next).Accepted);

        var after = _tables.Current;
        Assert.Equal((1UL, 2UL), (before.Version, after.Version));
        Assert.Equal([7], Enumerable.Range(0, Count).Where(i => !ReferenceEquals(before.Entries[i], after.Entries[i])));
        Assert.Same(before.Entries[8], after.Match("host-8", "/x"));
        Assert.Equal("v1", before.Match("host-7", "/")?.Stable.Revision);
        Assert.Equal("v2", after.Match("host-7", "/")?.Stable.Revision);
    }

    [Fact]
    public void Apply_Refused_LeavesTheTableThatWas()
    {
        Assert.True(_applier.Apply(Snapshots.Of(1, "http://127.0.0.1:1")).Accepted);
        var before = _tables.Current;

        Assert.False(_applier.Apply(Snapshots.Of(2, "nowhere")).Accepted);
        Assert.Same(before, _tables.Current);
    }

    [Fact]
    public void Apply_ANewTlsSettingWhoseFileIsNotThere_IsRefusedAndAKnownOneIsNot()
    {
        var folder = Directory.CreateTempSubdirectory();
        var file = Path.Combine(folder.FullName, "ca.pem");
        var first = Snapshots.Of(1, "https://127.0.0.1:1", change: route => route.Stable.Tls = new UpstreamTls { AuthorityFile = file });
        // At a start a file may be late: what else there is must be served.
        Assert.True(_applier.Apply(first).Accepted);

        var weights = first.Clone();
        (weights.Version, weights.Routes[0].PathPrefix) = (2, "/other");
        Assert.True(_applier.Apply(weights).Accepted);

        var another = weights.Clone();
        (another.Version, another.Routes[0].Stable.Tls.AuthorityFile) = (3, file + ".new");
        Assert.Contains(file + ".new", Assert.Single(_applier.Apply(another).Faults), StringComparison.Ordinal);
        Assert.Equal(2UL, _tables.Current.Version);
        folder.Delete(recursive: true);
    }
}
