using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Admission.Holding;

namespace MeshCanary.Controller.Tests.Admission;

public sealed class DeploymentRuleTests
{
    private const string Us = "system:serviceaccount:meshcanary:controller";
    private const string Uid = "d1";

    [Fact]
    public async Task Template_Changed_IsHeldInTheSameWrite()
    {
        var after = await WriteAsync(Deployment("v1"), Deployment("v2"));
        Assert.True((bool)after["spec"]!["paused"]!);
        Assert.Equal("rev1", Mark(after, "held"));
    }

    [Fact]
    public async Task Template_Promoted_IsLeftAlone()
    {
        var now = Deployment("v1");
        now["spec"]!["replicas"] = 7;
        Assert.Equal(now.ToJsonString(), (await WriteAsync(Deployment("v1"), now)).ToJsonString());
    }

    // A manifest without 'paused' and without our marks, written twice: the second has no change of the template.
    [Fact]
    public async Task Replace_WhileHeld_StaysHeldAndKeepsTheMarks()
    {
        var now = Deployment("v2");
        now["metadata"]!.AsObject().Remove("annotations");
        now["metadata"]!.AsObject().Remove("labels");
        var after = await WriteAsync(Held("v2"), now);
        Assert.True((bool)after["spec"]!["paused"]!);
        Assert.Equal("rev1", Mark(after, "held"));
        Assert.Equal("checkout", Mark(after, "canary"));
        Assert.Equal("true", (string?)after["metadata"]!["labels"]!["meshcanary.io/managed"]);
    }

    [Fact]
    public async Task Replace_BackToThePromotedTemplate_StaysHeldForTheController()
    {
        var after = await WriteAsync(Held("v2"), Deployment("v1"));
        Assert.True((bool)after["spec"]!["paused"]!);
        Assert.Equal("rev1", Mark(after, "held"));
    }

    [Fact]
    public async Task Resume_ByAPerson_IsLetThroughAndRecorded()
    {
        var now = Held("v2");
        now["spec"]!.AsObject().Remove("paused");
        var response = await AskAsync(Held("v2"), now, "jane");
        var after = Json.Patched(now, response);
        Assert.Null(after["spec"]!["paused"]);
        Assert.Null(Mark(after, "held"));
        Assert.Equal("jane", Mark(after, "resumed-by"));
        Assert.Contains("promoted by hand", (string?)response["warnings"]![0], StringComparison.Ordinal);

        // What is written afterwards does not bring the hold back, until the template changes again.
        after["spec"]!["replicas"] = 9;
        Assert.Null((await WriteAsync(after, after))["spec"]!["paused"]);
        var next = await WriteAsync(after, Template(after, "v3"));
        Assert.True((bool)next["spec"]!["paused"]!);
        Assert.Null(Mark(next, "resumed-by"));
    }

    [Theory]
    [InlineData("{\"spec\":{\"paused\":false}}", null)]
    [InlineData(null, "{\"f:spec\":{\"f:paused\":{}}}")]
    public async Task Unpaused_ByAManifest_StaysHeld(string? applied, string? fields)
    {
        var now = Held("v2");
        now["spec"]!["paused"] = false;
        if (applied is not null)
            now["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"] = applied;
        if (fields is not null)
            now["metadata"]!["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "flux", ["operation"] = "Apply", ["fieldsV1"] = JsonNode.Parse(fields) });
        Assert.True((bool)(await WriteAsync(Held("v2"), now))["spec"]!["paused"]!);
    }

    [Fact]
    public async Task OurOwnWrite_IsMeantSo()
    {
        var now = Deployment("v2");
        Assert.Equal(now.ToJsonString(), (await WriteAsync(Held("v2"), now, Us)).ToJsonString());
    }

    [Fact]
    public async Task Deployment_OfNoCanary_IsLeftAlone()
    {
        var (before, now) = (Bare("other", "v1"), Bare("other", "v2"));
        Assert.Equal(now.ToJsonString(), (await WriteAsync(before, now)).ToJsonString());
    }

    // A replica that has not read its cache yet, and a Deployment that a Canary has adopted.
    [Fact]
    public async Task Deployment_MarkedAndNotKnown_IsHeldOnEveryChange()
    {
        var (before, now) = (Deployment("v1"), Deployment("v2"));
        before["metadata"]!["uid"] = "unknown-uid";
        now["metadata"]!["uid"] = "unknown-uid";
        Assert.True((bool)(await WriteAsync(before, now))["spec"]!["paused"]!);
        Assert.Null((await WriteAsync(now, now))["spec"]!["paused"]);
    }

    [Fact]
    public async Task Pause_ByAPerson_IsTheirs()
    {
        var paused = Deployment("v1");
        paused["spec"]!["paused"] = true;
        Assert.Null(Mark(await WriteAsync(Deployment("v1"), paused), "held"));
        Assert.Null((await WriteAsync(paused, Deployment("v1")))["spec"]!["paused"]);
    }

    [Fact]
    public void Same_NullsAndTheHash_SayNothing()
    {
        var one = JsonDocument.Parse("""{"metadata":{"creationTimestamp":null,"labels":{"app":"x"}},"spec":{"volumes":[{"emptyDir":{}}]}}""").RootElement;
        var other = JsonDocument.Parse("""{"spec":{"volumes":[{"emptyDir":{}}]},"metadata":{"labels":{"pod-template-hash":"abc","app":"x"}}}""").RootElement;
        Assert.True(PodTemplates.Same(one, other));
        Assert.False(PodTemplates.Same(one, JsonDocument.Parse("""{"metadata":{"labels":{"app":"x"}},"spec":{"volumes":[{}]}}""").RootElement));
    }

    private static async Task<JsonObject> WriteAsync(JsonObject before, JsonObject now, string user = "jane") =>
        Json.Patched(now, await AskAsync(before, now, user));

    private static async Task<JsonNode> AskAsync(JsonObject before, JsonObject now, string user)
    {
        await using var host = await WebhookHost.StartAsync(new DeploymentRule(new OneWorkload(), Us));
        return await host.AskAsync("/deployments", new JsonObject
        {
            ["kind"] = new JsonObject { ["group"] = "apps", ["version"] = "v1", ["kind"] = "Deployment" },
            ["operation"] = "UPDATE",
            ["namespace"] = "shop",
            ["name"] = "checkout",
            ["userInfo"] = new JsonObject { ["username"] = user, ["groups"] = new JsonArray("system:authenticated") },
            ["object"] = now.DeepClone(),
            ["oldObject"] = before.DeepClone(),
            ["options"] = new JsonObject { ["kind"] = "UpdateOptions", ["apiVersion"] = "meta.k8s.io/v1", ["fieldManager"] = "kubectl" },
        });
    }

    private static JsonObject Held(string image)
    {
        var held = Deployment(image);
        held["spec"]!["paused"] = true;
        held["metadata"]!["annotations"]!["meshcanary.io/held"] = "rev1";
        return held;
    }

    private static JsonObject Deployment(string image)
    {
        var deployment = Bare(Uid, image);
        deployment["metadata"]!["labels"] = Json.Of("""{"meshcanary.io/managed":"true"}""");
        deployment["metadata"]!["annotations"] = Json.Of("""{"meshcanary.io/canary":"checkout"}""");
        return deployment;
    }

    private static JsonObject Bare(string uid, string image) => Template(
        Json.Of($$$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"checkout","namespace":"shop","uid":"{{{uid}}}"},"spec":{"replicas":3}}"""), image);

    private static JsonObject Template(JsonObject deployment, string image)
    {
        var changed = deployment.DeepClone().AsObject();
        changed["spec"]!["template"] = Json.Of($$$"""{"metadata":{"creationTimestamp":null,"labels":{"app":"checkout"}},"spec":{"containers":[{"name":"app","image":"{{{image}}}"}]}}""");
        return changed;
    }

    private static string? Mark(JsonObject deployment, string name) => (string?)deployment["metadata"]!["annotations"]?[$"meshcanary.io/{name}"];

    private sealed class OneWorkload : IHeldWorkloads
    {
        private readonly HeldWorkload _promoted = new("rev1", JsonSerializer.SerializeToElement(Deployment("v1")["spec"]!["template"]));

        public HeldWorkload? Find(string uid) => uid == Uid ? _promoted : null;
    }
}
