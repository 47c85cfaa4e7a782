using System.Collections.Immutable;
using System.Text.Json;
using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Workloads.InPlace.Driving;

/// <summary>Reads pods where some are missing, for the reason: to follow all pods of a cluster for that would cost too much.</summary>
internal sealed class PodReader(ClusterAccess cluster)
{
    private const int Most = 50;
    private static readonly ResourceType Pods = ResourceType.Of<V1Pod>();

    /// <summary>Pods of the ReplicaSets that are not whole; none where all are, or where they cannot be read.</summary>
    public async Task<ImmutableArray<V1Pod>> ReadAsync(InPlaceView view, CancellationToken cancellation)
    {
        var hashes = view.ReplicaSets.Where(set => Objects.IsActive(set) && !Objects.IsWhole(set, Objects.Size(set)))
            .Select(Objects.HashOf).Where(hash => hash.Length > 0).Order(StringComparer.Ordinal).ToList();
        if (hashes.Count == 0)
            return [];
        var request = new ApiRequest("list", HttpMethod.Get, Pods.Path(view.Canary.Namespace))
        {
            Type = Pods,
            Target = view.Canary.Namespace,
            IsIdempotent = true,
            Query = [new("labelSelector", $"{InPlaceNames.HashLabel} in ({string.Join(',', hashes)})"), new("limit", Most.ToString(System.Globalization.CultureInfo.InvariantCulture))],
        };
        try
        {
            using var answer = await cluster.Api.ReadAsync(request, cancellation);
            return [.. answer.RootElement.GetProperty("items").EnumerateArray().Select(ObjectJson.Decode<V1Pod>)];
        }
        catch (Exception failure) when (failure is ApiException or JsonException or FormatException)
        {
            // They would only explain.
            return [];
        }
    }
}
