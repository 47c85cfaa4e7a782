using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s.Models;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Leading;
using MeshCanary.Machinery.Pacing;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Cluster.Tests.Machinery;

public sealed class BrokenWayTests(ClusterFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Informer_WhoseConnectionBreaksOrDiesSilently_MissesNothing(bool silently)
    {
        await using var space = await fixture.NamespaceAsync();
        using var direct = fixture.Machinery();
        await using var way = new CuttableWay(fixture.Cluster.Admin.Server);
        using var cluster = fixture.Machinery(way.Address);
        var writer = new ObjectWriter<V1ConfigMap>(direct, ResourceType.Of<V1ConfigMap>(), "test");
        await WriteAsync(writer, space.Name, "stays", "1");
        await WriteAsync(writer, space.Name, "goes", "1");

        var heard = new ConcurrentQueue<string>();
        var informer = new Informer<V1ConfigMap>(cluster, ResourceType.Of<V1ConfigMap>(), new()
        {
            Namespace = space.Name,
            FieldSelector = "metadata.name!=kube-root-ca.crt",
            SilenceLimit = TimeSpan.FromSeconds(2),
            Backoff = new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500)),
        });
        informer.Subscribe(new ChangeHandler<V1ConfigMap>((before, after) => heard.Enqueue(
            $"{(after ?? before)!.Metadata.Name}:{before?.Data["x"]}>{after?.Data["x"]}")));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var run = informer.RunAsync(stop.Token);
        await informer.WhenSettledAsync(Stop);

        way.IsClosed = true;
        if (silently)
            way.Silence();
        else
            way.Cut();
        await WriteAsync(writer, space.Name, "stays", "2");
        await writer.DeleteAsync(new ObjectKey(space.Name, "goes"), null, Stop);
        await WriteAsync(writer, space.Name, "comes", "1");
        way.IsClosed = false;
        if (silently)
        {
            // New connections work; the dead one has to be given up.
            await Reach.WhenAsync(() => informer.State != InformerState.Watching, "the silence is noticed");
            way.Cut();
        }

        await Reach.WhenAsync(
            () => heard.Order().SequenceEqual(["comes:>1", "goes:1>", "goes:>1", "stays:1>2", "stays:>1"]), "all of it is told, once", () => string.Join(' ', heard.Order()));
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task Leader_WhoseConnectionBreaks_GoesOnAndOneThatIsCutOffStopsFirst()
    {
        await using var space = await fixture.NamespaceAsync();
        await using var way = new CuttableWay(fixture.Cluster.Admin.Server);
        using var cut = fixture.Machinery(way.Address);
        using var direct = fixture.Machinery();
        var options = new LeaderOptions(new ObjectKey(space.Name, "controller"), "first")
        {
            LeaseDuration = TimeSpan.FromSeconds(6),
            RenewDeadline = TimeSpan.FromSeconds(3),
            RetryPeriod = TimeSpan.FromSeconds(0.5),
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var terms = 0;
        var overlaps = 0;
        var first = new LeaderElection(cut, options);
        var second = new LeaderElection(direct, options with { Name = "second" });
        var firstRun = first.RunAsync(
            term =>
            {
                Interlocked.Increment(ref terms);
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, term);
            },
            stop.Token);
        await Reach.WhenAsync(() => first.IsLeading, "the first leads");
        var secondRun = second.RunAsync(
            term =>
            {
                if (first.IsLeading)
                    Interlocked.Increment(ref overlaps);
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, term);
            },
            stop.Token);
        await Reach.WhenAsync(() => second.Leader?.Identity == first.Identity, "the second sees it");

        // One broken connection costs nothing.
        var seen = first.Leader;
        way.Cut();
        await Reach.WhenAsync(() => first.IsLeading && first.Leader == seen, "it leads on");
        Assert.Equal(1, Volatile.Read(ref terms));

        way.IsClosed = true;
        way.Cut();
        await Reach.WhenAsync(() => second.IsLeading, "the second takes over");
        Assert.False(first.IsLeading);
        Assert.Equal(0, Volatile.Read(ref overlaps));
        await stop.CancelAsync();
        await Task.WhenAll(firstRun, secondRun);
    }

    private static Task<V1ConfigMap> WriteAsync(ObjectWriter<V1ConfigMap> writer, string space, string name, string value) =>
        writer.ApplyAsync(new ObjectKey(space, name), new JsonObject { ["data"] = new JsonObject { ["x"] = value } }, true, null, Stop);
}
