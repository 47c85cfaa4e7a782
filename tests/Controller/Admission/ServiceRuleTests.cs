using System.Text.Json.Nodes;
using MeshCanary.Controller.Admission.Selecting;

namespace MeshCanary.Controller.Tests.Admission;

public sealed class ServiceRuleTests
{
    private const string Us = "system:serviceaccount:meshcanary:controller";
    private const string Ours = """{"meshcanary.io/proxy":"checkout"}""";
    private const string Theirs = """{"app":"checkout"}""";

    // What a server-side apply or replace, and what a client-side apply (a merge into ours), make of the same manifest.
    [Theory]
    [InlineData(Theirs)]
    [InlineData("""{"app":"checkout","meshcanary.io/proxy":"checkout"}""")]
    public async Task Selector_OfTheManifest_IsNotTaken(string written)
    {
        var (response, after) = await WriteAsync(Service(Ours), Service(written));
        Assert.Equal(Ours, after["spec"]!["selector"]!.ToJsonString());
        Assert.Equal(Theirs, Original(after));
        Assert.Null(response["warnings"]);
    }

    [Theory]
    [InlineData("""{"app":"checkout","tier":"web"}""")]
    [InlineData("""{"app":"checkout","tier":"web","meshcanary.io/proxy":"checkout"}""")]
    public async Task Selector_Changed_IsNotedAsTheOriginal(string written)
    {
        var (response, after) = await WriteAsync(Service(Ours), Service(written));
        Assert.Equal(Ours, after["spec"]!["selector"]!.ToJsonString());
        Assert.Equal("""{"app":"checkout","tier":"web"}""", Original(after));
        Assert.Contains("tier", (string?)response["warnings"]![0], StringComparison.Ordinal);
    }

    // Pinned to a hash beside the user's own labels.
    [Fact]
    public async Task Selector_PinnedToAHash_StaysPinned()
    {
        const string pinned = """{"app":"checkout","pod-template-hash":"abc"}""";
        var (_, after) = await WriteAsync(Service(pinned), Service(Theirs));
        Assert.Equal(pinned, after["spec"]!["selector"]!.ToJsonString());
        Assert.Equal(Theirs, Original(after));
    }

    [Fact]
    public async Task Replace_WithoutOurMarks_GetsThemBack()
    {
        var now = Service(Theirs);
        now["metadata"]!.AsObject().Remove("annotations");
        now["metadata"]!.AsObject().Remove("labels");
        var (_, after) = await WriteAsync(Service(Ours), now);
        Assert.Equal(Theirs, Original(after));
        Assert.Equal("true", (string?)after["metadata"]!["labels"]!["meshcanary.io/managed"]);
        Assert.Equal(Ours, after["spec"]!["selector"]!.ToJsonString());
    }

    [Fact]
    public async Task Ports_Changed_AreTheirs()
    {
        var now = Service(Ours);
        now["spec"]!["ports"] = new JsonArray(new JsonObject { ["port"] = 81 });
        var (_, after) = await WriteAsync(Service(Ours), now);
        Assert.Equal(now.ToJsonString(), after.ToJsonString());
    }

    [Fact]
    public async Task OurOwnWrite_IsMeantSo()
    {
        var (_, after) = await WriteAsync(Service(Ours), Service(Theirs), Us);
        Assert.Equal(Theirs, after["spec"]!["selector"]!.ToJsonString());
    }

    [Fact]
    public async Task Service_OfNoCanary_IsLeftAlone()
    {
        var (before, now) = (Service(Ours), Service(Theirs));
        before["metadata"]!.AsObject().Remove("annotations");
        now["metadata"]!.AsObject().Remove("annotations");
        Assert.Equal(now.ToJsonString(), (await WriteAsync(before, now)).After.ToJsonString());
    }

    private static async Task<(JsonNode Response, JsonObject After)> WriteAsync(JsonObject before, JsonObject now, string user = "jane")
    {
        await using var host = await WebhookHost.StartAsync(new ServiceRule(Us));
        var response = await host.AskAsync("/services", new JsonObject
        {
            ["operation"] = "UPDATE",
            ["namespace"] = "shop",
            ["name"] = "checkout",
            ["userInfo"] = new JsonObject { ["username"] = user },
            ["object"] = now.DeepClone(),
            ["oldObject"] = before.DeepClone(),
        });
        return (response, Json.Patched(now, response));
    }

    private static JsonObject Service(string selector) => Json.Of($$"""
        {
          "apiVersion": "v1", "kind": "Service",
          "metadata": {
            "name": "checkout", "namespace": "shop",
            "labels": { "meshcanary.io/managed": "true" },
            "annotations": { "meshcanary.io/original-selector": "{\"app\":\"checkout\"}", "meshcanary.io/canary": "checkout" }
          },
          "spec": { "type": "ClusterIP", "ports": [{ "port": 80 }], "selector": {{selector}} }
        }
        """);

    private static string? Original(JsonObject service) => (string?)service["metadata"]!["annotations"]!["meshcanary.io/original-selector"];
}
