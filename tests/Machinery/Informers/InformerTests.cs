using k8s.Models;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;
using MeshCanary.Machinery.Tests.Harness;

namespace MeshCanary.Machinery.Tests.Informers;

public class InformerTests
{
    [Fact]
    public async Task List_InPages_IsReadWithItsTokensAndWatchedFromItsVersion()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.Page("7", "next=1", Json.Deployment("a", "3"))));
        api.Lists.Enqueue(Say.Json(Json.List("7", Json.Deployment("b", "4"))));
        api.Watches.Enqueue(api.Lines(Json.Event("ADDED", Json.Deployment("c", "8"))));
        await using var running = new RunningInformer<V1Deployment>(api, new() { PageSize = 1, LabelSelector = "app" });
        await running.HearsAsync("+a@3", "+b@4", "+c@8");

        Assert.Contains("GET apis/apps/v1/deployments?limit=1&labelSelector=app", api.Requests);
        Assert.Contains("GET apis/apps/v1/deployments?limit=1&continue=next=1&labelSelector=app", api.Requests);
        Assert.Equal(1, api.Count("watch=true&allowWatchBookmarks=true&resourceVersion=7&timeoutSeconds="));
        Assert.True(running.Informer.HasSynced);
        var known = running.Known("a");
        Assert.Equal(("Deployment", "apps/v1"), (known.Kind, known.ApiVersion));
        Assert.Null(known.Metadata.ManagedFields);
    }

    [Fact]
    public async Task List_PagesThatExpire_IsReadOnceMoreInOnePage()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.Page("7", "n", Json.Deployment("gone", "3"))));
        api.Lists.Enqueue(Say.Status(410, "Expired", "the provided continue parameter is too old"));
        api.Lists.Enqueue(Say.Json(Json.List("9", Json.Deployment("a", "8"))));
        await using var running = new RunningInformer<V1Deployment>(api, new() { PageSize = 1 });
        await running.WhenAsync(informer => informer.HasSynced, "it is synced");

        // What only the lost pages named is not kept.
        Assert.Equal(["+gone@3", "+a@8", "-gone@3"], running.Heard.Notes);
        Assert.Contains("GET apis/apps/v1/deployments", api.Requests);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("html")]
    [InlineData("cut")]
    [InlineData("noitems")]
    public async Task List_ThatFails_IsTriedAgain(string fault)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(fault switch
        {
            "500" => Say.Status(500, "InternalError", "etcd is away"),
            "html" => Say.Text(200, "<html>Welcome</html>"),
            "cut" => Say.Broken("""{"kind":"List","metadata":{"resourceVersion":"5"},"items":[{"meta"""),
            _ => Say.Json("""{"kind":"List","metadata":{}}"""),
        });
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"))));
        await using var running = new RunningInformer<V1Deployment>(api);
        await running.HearsAsync("+a@3");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Watch_WhoseVersionExpired_ListsAnewAndNoticesWhatWasMissed(bool asEvent)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"), Json.Deployment("b", "4"))));
        api.Watches.Enqueue(asEvent
            ? Say.Lines(Json.Event("ERROR", Json.Status(410, "Expired", "too old resource version")))
            : Say.Status(410, "Expired", "too old resource version"));
        api.Lists.Enqueue(Say.Json(Json.List("9", Json.Deployment("a", "8"))));
        await using var running = new RunningInformer<V1Deployment>(api);
        await running.HearsAsync("+a@3", "+b@4", "~a@3-8", "-b@4");
        Assert.Equal(1, await api.MetricAsync("""meshcanary_kubernetes_informer_restarts_total{resource="deployments.apps",reason="expired"}"""));
    }

    [Theory]
    [InlineData("clean")]
    [InlineData("cut")]
    [InlineData("garbled")]
    [InlineData("error")]
    [InlineData("unknown")]
    public async Task Watch_ThatEnds_GoesOnWhereItWas(string how)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"))));
        string[] before = [Json.Event("MODIFIED", Json.Deployment("a", "6")), Json.Bookmark("20")];
        var cut = string.Join('\n', before) + "\n" + Json.Event("ADDED", Json.Deployment("b", "21"))[..40];
        api.Watches.Enqueue(how switch
        {
            "clean" => Say.Lines(before),
            "cut" => Say.Text(200, cut),
            "garbled" => Say.Lines([.. before, "{]"]),
            "error" => Say.Lines([.. before, Json.Event("ERROR", Json.Status(500, "InternalError", "etcd event received with PrevKv=nil"))]),
            _ => Say.Lines([.. before, Json.Event("SURPRISE", Json.Deployment("b", "21"))]),
        });
        api.Watches.Enqueue(api.Lines(Json.Event("ADDED", Json.Deployment("b", "21"))));
        await using var running = new RunningInformer<V1Deployment>(api);
        await running.HearsAsync("+a@3", "~a@3-6", "+b@21");

        Assert.Equal(1, api.Count("watch=true&allowWatchBookmarks=true&resourceVersion=20&"));
        Assert.Equal(1, await api.MetricAsync("""meshcanary_kubernetes_informer_lists_total{resource="deployments.apps"}"""));
    }

    [Fact]
    public async Task Watch_WhoseConnectionIsReset_GoesOnWhereItWas()
    {
        await using var api = await ScriptedApi.StartAsync();
        var heard = new TaskCompletionSource();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"))));
        api.Watches.Enqueue(async http =>
        {
            await Say.Lines(Json.Event("MODIFIED", Json.Deployment("a", "6")))(http);
            await http.Response.Body.FlushAsync();
            await heard.Task;
            http.Abort();
        });
        api.Watches.Enqueue(api.Lines(Json.Event("ADDED", Json.Deployment("b", "21"))));
        await using var running = new RunningInformer<V1Deployment>(api);
        await running.HearsAsync("+a@3", "~a@3-6");
        heard.SetResult();
        await running.HearsAsync("+a@3", "~a@3-6", "+b@21");
        Assert.Equal(1, api.Count("&resourceVersion=6&"));
    }

    [Fact]
    public async Task Watch_ThatBreaksAtTheSamePlaceAgainAndAgain_ListsAnew()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.List("5")));
        for (var i = 0; i < 4; i++)
            api.Watches.Enqueue(Say.Lines("{]"));
        api.Lists.Enqueue(Say.Json(Json.List("9", Json.Deployment("a", "8"))));
        await using var running = new RunningInformer<V1Deployment>(api);
        await running.HearsAsync("+a@8");
    }

    [Fact]
    public async Task Watch_ThatSaysNothing_IsTakenForDead()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"))));
        api.Lists.Enqueue(Say.Json(Json.List("9", Json.Deployment("a", "8"))));
        await using var running = new RunningInformer<V1Deployment>(api, new() { SilenceLimit = TimeSpan.FromMilliseconds(50) });
        await running.WhenAsync(_ => running.Heard.Notes.Contains("~a@3-8"), "the change was found by a list");
    }

    [Fact]
    public async Task Watch_EventsThatComeTwiceOrLate_AreToldOnce()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "5"))));
        api.Watches.Enqueue(api.Lines(
            Json.Event("ADDED", Json.Deployment("a", "5")),
            Json.Event("MODIFIED", Json.Deployment("a", "4")),
            Json.Event("MODIFIED", Json.Deployment("a", "6")),
            Json.Event("MODIFIED", Json.Deployment("a", "6")),
            Json.Event("DELETED", Json.Deployment("a", "7")),
            Json.Event("DELETED", Json.Deployment("a", "7")),
            Json.Event("ADDED", Json.Deployment("end", "8"))));
        await using var running = new RunningInformer<V1Deployment>(api);
        await running.HearsAsync("+a@5", "~a@5-6", "-a@6", "+end@8");
    }

    [Fact]
    public async Task Object_MadeAgainUnderItsName_IsToldAsDeletedAndAdded()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3", uid: "first"))));
        api.Watches.Enqueue(api.Lines(
            Json.Event("MODIFIED", Json.Deployment("a", "7", uid: "second")),
            Json.Event("DELETED", Json.Deployment("a", "6", uid: "first")),
            Json.Event("MODIFIED", Json.Deployment("a", "8", uid: "second"))));
        await using var running = new RunningInformer<V1Deployment>(api);
        await running.HearsAsync("+a@3", "-a@3", "+a@7", "~a@7-8");
    }

    [Fact]
    public async Task List_OfARestoredClusterWithOlderVersions_IsTheTruth()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.List("500", Json.Deployment("a", "400"))));
        api.Watches.Enqueue(Say.Status(410, "Expired", "too old"));
        api.Lists.Enqueue(Say.Json(Json.List("9", Json.Deployment("a", "8"))));
        await using var running = new RunningInformer<V1Deployment>(api);
        await running.HearsAsync("+a@400", "~a@400-8");
    }

    [Fact]
    public async Task Handler_ThatThrows_StopsNeitherOthersNorTheInformer()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3"), Json.Deployment("b", "4"))));
        await using var running = new RunningInformer<V1Deployment>(api);
        running.Informer.Subscribe(new ChangeHandler<V1Deployment>((_, _) => throw new InvalidOperationException("no")));
        var late = new Heard<V1Deployment>();
        await running.HearsAsync("+a@3", "+b@4");
        using (running.Informer.Subscribe(late))
            Assert.Equal(["+a@3", "+b@4"], late.Notes.Order());
        Assert.Equal(2, await api.MetricAsync("""meshcanary_kubernetes_informer_handler_faults_total{resource="deployments.apps"}"""));
    }

    [Fact]
    public async Task Store_Indexes_FollowTheObjects()
    {
        await using var api = await ScriptedApi.StartAsync();
        var owned = ""","ownerReferences":[{"uid":"o1","name":"x","kind":"X","apiVersion":"v1"}]""";
        api.Lists.Enqueue(Say.Json(Json.List("5", Json.Deployment("a", "3", extra: owned), Json.Deployment("b", "4"))));
        api.Watches.Enqueue(api.Lines(
            Json.Event("MODIFIED", Json.Deployment("b", "6", extra: owned)), Json.Event("DELETED", Json.Deployment("a", "7", extra: owned)),
            Json.Event("ADDED", Json.Deployment("end", "8"))));
        await using var running = new RunningInformer<V1Deployment>(api);
        var owners = running.Informer.Store.AddIndex(IndexKeys.Owners);
        var apps = running.Informer.Store.AddIndex(IndexKeys.Label("app"));
        var bad = running.Informer.Store.AddIndex(each => each.Metadata.Name == "end" ? throw new InvalidOperationException("no") : ["all"]);
        await running.HearsAsync("+a@3", "+b@4", "~b@4-6", "-a@3", "+end@8");

        Assert.Equal("b", Assert.Single(owners.Find("o1")).Metadata.Name);
        Assert.Equal("end", Assert.Single(apps.Find("end")).Metadata.Name);
        Assert.Empty(apps.Find("a"));
        Assert.Equal("b", Assert.Single(bad.Find("all")).Metadata.Name);
        Assert.Equal([new ObjectKey("shop", "b"), new ObjectKey("shop", "end")], running.Informer.Store.Keys.OrderBy(key => key.Name));
    }
}
