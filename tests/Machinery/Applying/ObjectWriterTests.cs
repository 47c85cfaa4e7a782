using System.Text.Json.Nodes;
using k8s.Models;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;
using MeshCanary.Machinery.Tests.Harness;

namespace MeshCanary.Machinery.Tests.Applying;

public class ObjectWriterTests
{
    private static readonly ObjectKey Key = new("shop", "a");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_ThatMayBeDoneTwice_IsTriedAgainWhenTheServerIsAway()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Status(503, "ServiceUnavailable", "starting"));
        api.Lists.Enqueue(Say.Broken("{"));
        api.Lists.Enqueue(Say.Json(Json.Deployment("a", "3")));
        Assert.Equal("3", (await Writer(api).ReadAsync(Key, Stop))!.Metadata.ResourceVersion);
        Assert.Equal(3, api.Requests.Count);
    }

    [Fact]
    public async Task Call_ThatMayNotBeDoneTwice_IsTriedAgainOnlyWhenNothingWasDone()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Status(429, "TooManyRequests", "slow down"));
        api.Lists.Enqueue(Say.Status(503, "ServiceUnavailable", "lost"));
        var away = await Assert.ThrowsAsync<ApiException>(
            () => Writer(api).PatchAsync(Key, new JsonPatch().Add("/spec/replicas", 2), null, Stop));
        Assert.Equal((ApiErrorKind.ServerAway, 2), (away.Kind, api.Requests.Count));
        Assert.Equal("patch deployments.v1.apps shop/a: 503 ServiceUnavailable: lost", away.Message);
        Assert.Equal(1, await api.MetricAsync("""meshcanary_kubernetes_requests_total{verb="patch",resource="deployments",code="429"}"""));
    }

    [Fact]
    public async Task Write_OfOneWhoDoesNotLeadAnyMore_IsNotSent()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Status(429, "TooManyRequests", "slow down"));
        api.Lists.Enqueue(Say.Json(Json.Deployment("a", "3")));
        using var fenced = api.Cluster.Fenced(() => api.Requests.IsEmpty);
        var writer = new ObjectWriter<V1Deployment>(fenced, ResourceType.Of<V1Deployment>(), "meshcanary");
        var refused = await Assert.ThrowsAsync<ApiException>(() => writer.PatchAsync(Key, new JsonPatch().Add("/spec/replicas", 2), null, Stop));
        Assert.Equal((ApiErrorKind.Conflict, 1), (refused.Kind, api.Requests.Count));
        Assert.Equal("3", (await writer.ReadAsync(Key, Stop))!.Metadata.ResourceVersion);
    }

    [Theory]
    [InlineData(401, "Unauthorized", ApiErrorKind.Unauthorized)]
    [InlineData(403, "Forbidden", ApiErrorKind.Forbidden)]
    [InlineData(409, "Conflict", ApiErrorKind.Conflict)]
    [InlineData(409, "AlreadyExists", ApiErrorKind.AlreadyExists)]
    [InlineData(410, "Expired", ApiErrorKind.Gone)]
    [InlineData(415, "UnsupportedMediaType", ApiErrorKind.Refused)]
    [InlineData(422, "Invalid", ApiErrorKind.Invalid)]
    [InlineData(500, "InternalError", ApiErrorKind.ServerAway)]
    public async Task Refusal_OfTheServer_HasAKind(int code, string reason, ApiErrorKind kind)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Status(code, reason, "no"));
        var error = await Assert.ThrowsAsync<ApiException>(() => Writer(api).PatchAsync(Key, new JsonPatch(), null, Stop));
        Assert.Equal((kind, reason), (error.Kind, error.Reason));
    }

    [Fact]
    public async Task Apply_ThatAnOldServerCallsItsOwnFault_IsInvalidAndNotTriedAgain()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Status(500, "", "failed to create typed patch object: .spec.ports: element 0: …"));
        var error = await Assert.ThrowsAsync<ApiException>(() => Writer(api).ApplyAsync(Key, [], false, null, Stop));
        Assert.Equal((ApiErrorKind.Invalid, 1), (error.Kind, api.Requests.Count));
    }

    [Fact]
    public async Task Apply_Intent_IsSentWithTypeNameAndManager()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.Lists.Enqueue(Say.Json(Json.Deployment("a", "3")));
        await Writer(api).ApplyAsync(Key, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 2 } }, true, "scale", Stop);
        Assert.Equal("PATCH apis/apps/v1/namespaces/shop/deployments/a/scale?fieldManager=test&force=true", Assert.Single(api.Requests));
        Assert.Equal(
            """{"spec":{"replicas":2},"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a","namespace":"shop"}}""", Assert.Single(api.Bodies));
    }

    [Fact]
    public void JsonPatch_Steps_AreWrittenInOrderWithNamesEscaped() => Assert.Equal(
        """[{"op":"test","path":"/metadata/annotations/a.io~1b~0c","value":null},{"op":"remove","path":"/spec/x"},{"op":"add","path":"/spec/y","value":[1]}]""",
        new JsonPatch().Test(JsonPatch.Path("metadata", "annotations", "a.io/b~c"), null).Remove("/spec/x").Add("/spec/y", new JsonArray(1)).ToString());

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""", true)]
    [InlineData("""{"a":{"b":null}}""", """{"a":{}}""", true)]
    [InlineData("""{"a":{"b":null}}""", """{"a":{"b":1}}""", false)]
    [InlineData("""{"a":[1]}""", """{"a":[1,2]}""", false)]
    [InlineData("""{"a":{"b":1}}""", """{"a":1}""", false)]
    [InlineData("""{"a":1}""", """{}""", false)]
    [InlineData("""{"a":1.0}""", """{"a":1}""", true)]
    public void JsonDifference_Intent_IsCoveredWhenAllOfItIsThere(string intent, string present, bool covered) =>
        Assert.Equal(covered, JsonDifference.IsCovered(JsonNode.Parse(intent)!, JsonNode.Parse(present)!));

    private static ObjectWriter<V1Deployment> Writer(ScriptedApi api) => new(api.Cluster, ResourceType.Of<V1Deployment>(), "test");
}
