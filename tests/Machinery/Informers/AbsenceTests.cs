using k8s.Models;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;
using MeshCanary.Machinery.Tests.Harness;

namespace MeshCanary.Machinery.Tests.Informers;

public class AbsenceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Api_ThatComesLater_IsFollowedFromThenOn(bool aggregates)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Aggregates = aggregates;
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"))));
        await using var running = new RunningInformer<RawObject>(api, choice: ResourceChoice.VirtualServices);
        await running.Informer.WhenSettledAsync(TestContext.Current.CancellationToken);
        Assert.Equal((false, InformerState.NotServed), (running.Informer.HasSynced, running.Informer.State));

        api.Served["networking.istio.io/v1beta1"] = ["virtualservices"];
        await running.HearsAsync("+a@3");
        Assert.Equal("v1beta1", running.Informer.Served!.Version);
        Assert.Equal("networking.istio.io/v1beta1", running.Known("a").ApiVersion);
    }

    [Fact]
    public async Task Api_ThatGoes_TakesItsObjectsWithItAndComesBack()
    {
        await using var api = await ScriptedApi.StartAsync();
        var gate = new TaskCompletionSource();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"))));
        api.Watches.Enqueue(_ => gate.Task);
        await using var running = new RunningInformer<V1Deployment>(api, new() { AbsenceLimit = TimeSpan.FromMilliseconds(50) });
        await running.HearsAsync("+a@3");

        api.Served.TryRemove("apps/v1", out _);
        gate.SetResult();
        await running.HearsAsync("+a@3", "-a@3");
        await running.WhenAsync(informer => informer is { HasSynced: false, State: InformerState.NotServed }, "it waits");

        api.Lists.Enqueue(Say.Json(Json.List("9", Json.Deployment("a", "8"))));
        api.Served["apps/v1"] = ["deployments"];
        await running.HearsAsync("+a@3", "-a@3", "+a@8");
    }

    [Fact]
    public async Task Api_ThatIsDeniedForAMoment_KeepsItsObjects()
    {
        await using var api = await ScriptedApi.StartAsync();
        var gate = new TaskCompletionSource();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"))));
        api.Watches.Enqueue(_ => gate.Task);
        await using var running = new RunningInformer<V1Deployment>(api);
        await running.HearsAsync("+a@3");

        var asked = api.Count("GET apis");
        api.Served.TryRemove("apps/v1", out var plurals);
        gate.SetResult();
        await running.WhenAsync(_ => api.Count("GET apis") > asked + 2, "it looks for the API");
        api.Lists.Enqueue(Say.Json(Json.List("9", Json.Deployment("a", "3"), Json.Deployment("b", "8"))));
        api.Served["apps/v1"] = plurals!;
        await running.HearsAsync("+a@3", "+b@8");
    }

    [Fact]
    public async Task Choice_BetterVersionAtTheNextList_IsReadAnew()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Served["discovery.k8s.io/v1beta1"] = ["endpointslices"];
        var gate = new TaskCompletionSource();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"))));
        api.Watches.Enqueue(_ => gate.Task);
        await using var running = new RunningInformer<RawObject>(api, choice: ResourceChoice.Endpoints);
        await running.HearsAsync("+a@3");
        Assert.Equal("v1beta1", running.Informer.Served!.Version);

        // As in an upgrade: the old version goes, the new one is there, and the object did not change.
        api.Served["discovery.k8s.io/v1"] = ["endpointslices"];
        api.Served.TryRemove("discovery.k8s.io/v1beta1", out _);
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"))));
        gate.SetResult();
        await running.HearsAsync("+a@3", "~a@3-3");
        Assert.Equal("discovery.k8s.io/v1", running.Known("a").ApiVersion);
    }

    [Fact]
    public async Task Discovery_WhileTheServerIsAway_HoldsToWhatItKnew()
    {
        await using var api = await ScriptedApi.StartAsync();
        var discovery = api.Cluster.Discovery;
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal("", (await discovery.FindAsync(ResourceChoice.Endpoints, cancellation))!.Group);
        Assert.Null(await discovery.FindAsync(ResourceChoice.Autoscalers, cancellation));
        Assert.Equal(2, api.Count("GET api") - api.Count("GET api/"));

        api.DiscoveryFails = true;
        Assert.Equal("", (await discovery.FindAsync(ResourceChoice.Endpoints, cancellation))!.Group);
        await Assert.ThrowsAsync<Calling.ApiException>(() => discovery.FindAsync(ResourceChoice.Endpoints, TimeSpan.Zero, cancellation));
    }
}
