using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s.Models;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Cluster.Tests.Machinery;

public sealed class InformerTests(ClusterFixture fixture)
{
    private static readonly ResourceType ConfigMaps = ResourceType.Of<V1ConfigMap>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_OfAnApiServer_AreListedInPagesAndFollowed()
    {
        await using var space = await fixture.NamespaceAsync();
        using var cluster = fixture.Machinery();
        var writer = new ObjectWriter<V1ConfigMap>(cluster, ConfigMaps, "test");
        for (var i = 0; i < 5; i++)
            await writer.ApplyAsync(new ObjectKey(space.Name, $"a{i}"), Map("1"), false, null, Stop);

        var heard = new ConcurrentQueue<string>();
        var informer = new Informer<V1ConfigMap>(
            cluster, ConfigMaps, new() { Namespace = space.Name, PageSize = 2, FieldSelector = "metadata.name!=kube-root-ca.crt", WatchLifetime = TimeSpan.FromSeconds(1) });
        informer.Subscribe(new ChangeHandler<V1ConfigMap>((before, after) => heard.Enqueue($"{before?.Data["x"]}>{after?.Data["x"]}")));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var run = informer.RunAsync(stop.Token);
        await informer.WhenSettledAsync(Stop);
        Assert.Equal(5, informer.Store.Count);

        // Over several watches, since each lives for a second or two.
        var key = new ObjectKey(space.Name, "a0");
        double Watches() => cluster.Metrics.Informers.Watches.WithLabels(informer.Choice.Name).Value;
        for (var i = 2; i <= 4; i++)
        {
            var watches = Watches();
            await writer.ApplyAsync(key, Map($"{i}"), false, null, Stop);
            await Reach.WhenAsync(() => informer.Store.TryGet(key, out var map) && map.Data["x"] == $"{i}", $"version {i} is seen", () => string.Join(' ', heard));
            await Reach.WhenAsync(() => Watches() > watches, "the next watch has begun");
        }

        var old = (await writer.ReadAsync(key, Stop))!;
        Assert.True(await writer.DeleteAsync(key, new() { Uid = old.Metadata.Uid }, Stop));
        await writer.ApplyAsync(key, Map("5"), false, null, Stop);
        await Reach.WhenAsync(() => informer.Store.TryGet(key, out var map) && map.Metadata.Uid != old.Metadata.Uid, "its successor is seen");
        Assert.Equal([">1", ">1", ">1", ">1", ">1", "1>2", "2>3", "3>4", "4>", ">5"], heard);
        Assert.Null(informer.Store.Objects.First().Metadata.ManagedFields);
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task CustomResource_ThatIsDefinedLaterAndRemoved_IsFollowedMeanwhile()
    {
        await using var space = await fixture.NamespaceAsync();
        using var cluster = fixture.Machinery();
        var type = new ResourceType("machinery.example.com", "v1", "things", "Thing");
        var informer = new Informer<RawObject>(cluster, type, new()
        {
            AbsencePoll = TimeSpan.FromMilliseconds(200),
            AbsenceLimit = TimeSpan.FromSeconds(1),
            Decode = (json, _) => json.GetProperty("spec").GetProperty("size").GetInt32() > 0 ? new RawObject(json.Clone()) : throw new FormatException("no size"),
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var run = informer.RunAsync(stop.Token);
        await informer.WhenSettledAsync(Stop);
        Assert.Equal(InformerState.NotServed, informer.State);

        var definitions = new ObjectWriter<V1CustomResourceDefinition>(cluster, ResourceType.Of<V1CustomResourceDefinition>(isNamespaced: false), "test");
        var name = new ObjectKey("", "things.machinery.example.com");
        await definitions.ApplyAsync(name, Definition(), false, null, Stop);
        await Reach.WhenAsync(() => informer.HasSynced, "the new type is followed");
        var things = new ObjectWriter<RawObject>(cluster, type, "test");
        await things.CreateAsync(Thing(space.Name, "good", 3), Stop);
        // The schema lets it pass, as that of an older version may have.
        await things.CreateAsync(Thing(space.Name, "bad", "many"), Stop);
        await things.CreateAsync(Thing(space.Name, "late", 4), Stop);
        await Reach.WhenAsync(() => informer.Store.Count == 2 && informer.Undecodable.Count == 1, "two are read and one is put aside");
        Assert.Equal("bad", informer.Undecodable.Single().Key.Name);

        await things.MergeAsync(new ObjectKey(space.Name, "bad"), JsonNode.Parse("""{"spec":{"size":1}}""")!.AsObject(), null, Stop);
        await Reach.WhenAsync(() => informer.Store.Count == 3 && informer.Undecodable.Count == 0, "it was repaired");
        await definitions.DeleteAsync(name, null, Stop);
        await Reach.WhenAsync(() => informer is { HasSynced: false, Store.Count: 0, State: InformerState.NotServed }, "the type is gone", () => $"{informer.State}");
        await stop.CancelAsync();
        await run;
    }

    [Theory]
    [InlineData(nameof(ResourceChoice.Endpoints))]
    [InlineData(nameof(ResourceChoice.Autoscalers))]
    [InlineData(nameof(ResourceChoice.DisruptionBudgets))]
    [InlineData(nameof(ResourceChoice.Events))]
    public async Task Choice_OnThisServer_IsServedAndListed(string name)
    {
        using var cluster = fixture.Machinery();
        var choice = (ResourceChoice)typeof(ResourceChoice).GetProperty(name)!.GetValue(null)!;
        Assert.NotNull(await cluster.Discovery.FindAsync(choice, Stop));
        var informer = new Informer<RawObject>(cluster, choice);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var run = informer.RunAsync(stop.Token);
        await informer.WhenSettledAsync(Stop);
        Assert.True(informer.HasSynced);
        await stop.CancelAsync();
        await run;
    }

    private static JsonObject Map(string value) => new() { ["data"] = new JsonObject { ["x"] = value } };

    private static JsonObject Thing(string space, string name, JsonNode size) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space },
        ["spec"] = new JsonObject { ["size"] = size },
    };

    private static JsonObject Definition() => JsonNode.Parse("""
        {"spec":{"group":"machinery.example.com","scope":"Namespaced","names":{"plural":"things","singular":"thing","kind":"Thing"},
         "versions":[{"name":"v1","served":true,"storage":true,
           "schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
        """)!.AsObject();
}
