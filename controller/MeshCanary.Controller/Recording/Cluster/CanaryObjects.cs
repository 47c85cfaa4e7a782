using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Crds.Statuses;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Recording.Cluster;

/// <summary>The Canary objects, through the API server.</summary>
internal sealed class CanaryObjects(ClusterAccess cluster) : ICanaryObjects
{
    private static readonly JsonSerializerOptions StatusOptions = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly ObjectWriter<CanaryObject> _writer = new(cluster, ResourceType.Of<CanaryObject>(), ApiNames.FieldManager);

    /// <inheritdoc/>
    public Task<CanaryObject?> ReadAsync(ObjectKey key, CancellationToken cancellation) => _writer.ReadAsync(key, cancellation);

    /// <inheritdoc/>
    public Task<CanaryObject> WriteStatusAsync(ObjectKey key, string resourceVersion, CanaryStatus status, CancellationToken cancellation) => _writer.PatchAsync(
        key,
        new JsonPatch().TestVersion(resourceVersion).Add("/status", JsonSerializer.SerializeToNode(status, StatusOptions)),
        "status",
        cancellation);

    /// <inheritdoc/>
    public async Task<CanaryObject?> SetFinalizerAsync(CanaryObject present, bool wanted, CancellationToken cancellation)
    {
        var finalizers = present.Metadata.Finalizers ?? [];
        if (finalizers.Contains(ApiNames.Finalizer) == wanted)
            return present;
        var after = wanted ? finalizers.Append(ApiNames.Finalizer) : finalizers.Where(name => name != ApiNames.Finalizer);
        var patch = new JsonPatch().TestVersion(present.Metadata.ResourceVersion)
            .Add("/metadata/finalizers", new JsonArray([.. after.Select(name => (JsonNode)name)]));
        try
        {
            return await _writer.PatchAsync(ObjectKey.Of(present), patch, null, cancellation).ConfigureAwait(false);
        }
        catch (ApiException failure) when (failure.Kind == ApiErrorKind.NotFound)
        {
            return null;
        }
    }
}
