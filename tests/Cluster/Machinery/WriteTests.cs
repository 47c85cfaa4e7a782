using System.Text.Json.Nodes;
using k8s.Models;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Cluster.Tests.Machinery;

public sealed class WriteTests(ClusterFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_FieldOfAnotherManager_IsAConflictThatNamesItUnlessForced()
    {
        await using var space = await fixture.NamespaceAsync();
        using var cluster = fixture.Machinery();
        var ours = new ObjectWriter<V1ConfigMap>(cluster, ResourceType.Of<V1ConfigMap>(), "ours");
        var theirs = new ObjectWriter<V1ConfigMap>(cluster, ResourceType.Of<V1ConfigMap>(), "theirs");
        var key = new ObjectKey(space.Name, "a");
        await theirs.ApplyAsync(key, Data(("x", "1"), ("y", "1")), false, null, Stop);

        var conflict = await Assert.ThrowsAsync<ApiException>(() => ours.ApplyAsync(key, Data(("x", "2"), ("z", "2")), false, null, Stop));
        Assert.Equal(ApiErrorKind.Conflict, conflict.Kind);
        Assert.Contains(conflict.Causes, cause => cause.Field == ".data.x" && cause.Message.Contains("theirs", StringComparison.Ordinal));
        Assert.Contains($"patch configmaps.v1 {key}", conflict.Message, StringComparison.Ordinal);

        await ours.ApplyAsync(key, Data(("x", "2"), ("z", "2")), true, null, Stop);
        var left = await ours.ApplyAsync(key, Data(("x", "2")), true, null, Stop);
        Assert.Equal(["x=2", "y=1"], left.Data.Select(pair => $"{pair.Key}={pair.Value}").Order());
    }

    [Fact]
    public async Task Patch_WhoseTestFails_ChangesNothing()
    {
        await using var space = await fixture.NamespaceAsync();
        using var cluster = fixture.Machinery();
        var maps = new ObjectWriter<V1ConfigMap>(cluster, ResourceType.Of<V1ConfigMap>(), "ours");
        var key = new ObjectKey(space.Name, "a");
        var made = await maps.ApplyAsync(key, Data(("x", "1")), false, null, Stop);

        var invalid = await Assert.ThrowsAsync<ApiException>(() => maps.PatchAsync(
            key, new JsonPatch().Replace(JsonPatch.Path("data", "x"), "2").TestVersion("1"), null, Stop));
        Assert.Equal(ApiErrorKind.Invalid, invalid.Kind);
        var unchanged = (await maps.ReadAsync(key, Stop))!;
        Assert.Equal(made.Metadata.ResourceVersion, unchanged.Metadata.ResourceVersion);

        made.Data = new Dictionary<string, string> { ["x"] = "2" };
        var replaced = await maps.ReplaceAsync(made, null, Stop);
        Assert.Equal("2", replaced.Data["x"]);
        var late = await Assert.ThrowsAsync<ApiException>(() => maps.ReplaceAsync(made, null, Stop));
        Assert.Equal(ApiErrorKind.Conflict, late.Kind);
        var other = await Assert.ThrowsAsync<ApiException>(() => maps.DeleteAsync(key, new() { Uid = "another" }, Stop));
        Assert.Equal(ApiErrorKind.Conflict, other.Kind);
        Assert.True(await maps.DeleteAsync(key, new() { Uid = replaced.Metadata.Uid }, Stop));
        Assert.False(await maps.DeleteAsync(key, null, Stop));
    }

    [Fact]
    public async Task Status_ThatIsAlreadySo_IsNotWritten()
    {
        await using var space = await fixture.NamespaceAsync();
        using var cluster = fixture.Machinery();
        var services = new ObjectWriter<V1Service>(cluster, ResourceType.Of<V1Service>(), "ours");
        var key = new ObjectKey(space.Name, "a");
        var made = await services.ApplyAsync(
            key, JsonNode.Parse("""{"spec":{"type":"LoadBalancer","ports":[{"port":80,"protocol":"TCP"}]}}""")!.AsObject(), false, null, Stop);

        var status = JsonNode.Parse("""{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}""")!.AsObject();
        var written = await services.ApplyStatusAsync(made, status, Stop);
        Assert.Equal("192.0.2.1", written.Status.LoadBalancer.Ingress.Single().Ip);
        Assert.Same(written, await services.ApplyStatusAsync(written, status, Stop));
        var stale = await Assert.ThrowsAsync<ApiException>(() => services.ApplyStatusAsync(made, status, Stop));
        Assert.Equal(ApiErrorKind.Conflict, stale.Kind);
    }

    [Fact]
    public async Task Object_ThatIsInvalid_IsRefusedWithItsFields()
    {
        await using var space = await fixture.NamespaceAsync();
        using var cluster = fixture.Machinery();
        var services = new ObjectWriter<V1Service>(cluster, ResourceType.Of<V1Service>(), "ours");
        var invalid = await Assert.ThrowsAsync<ApiException>(() => services.CreateAsync(
            new V1Service { Metadata = new() { Name = "a", NamespaceProperty = space.Name }, Spec = new() { Ports = [new() { Port = 70_000 }] } }, Stop));
        Assert.Equal(ApiErrorKind.Invalid, invalid.Kind);
        Assert.Contains(invalid.Causes, cause => cause.Field == "spec.ports[0].port");

        var made = new V1Service { Metadata = new() { Name = "a", NamespaceProperty = space.Name }, Spec = new() { Ports = [new() { Port = 80 }] } };
        await services.CreateAsync(made, Stop);
        var twice = await Assert.ThrowsAsync<ApiException>(() => services.CreateAsync(made, Stop));
        Assert.Equal(ApiErrorKind.AlreadyExists, twice.Kind);
        Assert.Null(await services.ReadAsync(new ObjectKey(space.Name, "none"), Stop));
    }

    private static JsonObject Data(params (string Name, string Value)[] data) =>
        new() { ["data"] = new JsonObject(data.Select(each => KeyValuePair.Create<string, JsonNode?>(each.Name, each.Value))) };
}
