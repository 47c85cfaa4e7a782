using System.Collections.Concurrent;
using k8s.Models;
using MeshCanary.Machinery.Faults;
using MeshCanary.Machinery.Resources;
using MeshCanary.Machinery.Tests.Harness;

namespace MeshCanary.Machinery.Tests.Informers;

public class UndecodableTests
{
    private const string WrongType = """{"replicas":"three"}""";

    public static TheoryData<string> Broken =>
    [
        Json.Deployment("bad", "3", WrongType),
        Json.Deployment("bad", "3", "[]"),
        // Deeper than classes are read, shallower than a server stores.
        Json.Deployment("bad", "3", "{\"x\":" + string.Concat(Enumerable.Repeat("[", 500)) + string.Concat(Enumerable.Repeat("]", 500)) + "}"),
        Json.Deployment("bad", "3", extra: ""","creationTimestamp":"yesterday" """),
        Json.Deployment("bad", "3", extra: ""","annotations":{"a":"\ud800"}"""),
    ];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Object_ThatDoesNotFit_IsPutAsideAndTheOthersCome(string broken)
    {
        await using var api = await ScriptedApi.StartAsync();
        var told = new ConcurrentQueue<UndecodableObject>();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"), broken, Json.Deployment("b", "4"))));
        api.Watches.Enqueue(api.Lines(
            Json.Event("MODIFIED", broken), Json.Event("ADDED", Json.Deployment("c", "6"))));
        await using var running = new RunningInformer<V1Deployment>(api, new() { Undecodable = told.Enqueue });
        await running.HearsAsync("+a@3", "+b@4", "+c@6");

        Assert.True(running.Informer.HasSynced);
        var fault = Assert.Single(running.Informer.Undecodable);
        Assert.Equal((new ObjectKey("shop", "bad"), "3", "u-bad"), (fault.Key, fault.ResourceVersion, fault.Uid));
        Assert.Equal(fault, Assert.Single(told));
        Assert.Equal(1, await api.MetricAsync("""meshcanary_kubernetes_informer_undecodable_objects{resource="deployments.apps"}"""));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"metadata":[]}""")]
    public async Task Object_WithoutEvenAName_IsPutAside(string item)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.List("5", item, Json.Deployment("b", "4"))));
        await using var running = new RunningInformer<RawObject>(api);
        await running.HearsAsync("+b@4");
        Assert.Single(running.Informer.Undecodable);
    }

    [Fact]
    public async Task Object_ThatNoLongerFits_KeepsItsLastFormUntilItFitsOrGoes()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"), Json.Deployment("b", "4"))));
        api.Watches.Enqueue(Say.Lines(
            Json.Event("MODIFIED", Json.Deployment("a", "6", WrongType)), Json.Event("MODIFIED", Json.Deployment("b", "7", WrongType)),
            Json.Event("ERROR", Json.Status(410, "Expired", "too old"))));
        // Also a list that names it is no reason to drop it.
        api.Lists.Enqueue(Say.Json(Json.List("9", Json.Deployment("a", "6", WrongType), Json.Deployment("b", "7", WrongType))));
        api.Watches.Enqueue(api.Lines(
            Json.Event("MODIFIED", Json.Deployment("a", "10")), Json.Event("DELETED", Json.Deployment("b", "11", WrongType))));
        await using var running = new RunningInformer<V1Deployment>(api);
        await running.HearsAsync("+a@3", "+b@4", "~a@3-10", "-b@4");
        Assert.Empty(running.Informer.Undecodable);
    }

    [Fact]
    public async Task RawObject_OfAnyDepth_IsKeptAndFollowed()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3", """{"x":{"y":[[[[7]]]]},"unknown":1}"""))));
        await using var running = new RunningInformer<RawObject>(api);
        await running.HearsAsync("+a@3");
        Assert.Equal("[[[[7]]]]", running.Known("a").At("spec", "x", "y")!.Value.GetRawText());
        Assert.Null(running.Known("a").At("spec", "unknown", "z"));
    }
}
