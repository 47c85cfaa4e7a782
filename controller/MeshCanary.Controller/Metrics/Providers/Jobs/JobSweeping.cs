using System.Text.Json;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Calling;

namespace MeshCanary.Controller.Metrics.Providers.Jobs;

/// <summary>Removes Jobs that ended long ago, on servers that do not do it by themselves. Thread-safe.</summary>
internal sealed class JobSweeping(ClusterAccess cluster, TimeProvider time)
{
    /// <summary>Removes those of a namespace. What cannot be removed now is there the next time.</summary>
    public async Task SweepAsync(string space, CancellationToken cancellationToken)
    {
        try
        {
            var request = new ApiRequest("list", HttpMethod.Get, MetricJob.Type.Path(space)) { Type = MetricJob.Type, Target = space, IsIdempotent = true, Query = [new("labelSelector", $"{MetricJob.Label}=true")] };
            using var found = await cluster.Api.ReadAsync(request, cancellationToken);
            foreach (var job in found.RootElement.GetProperty("items").EnumerateArray().Where(job => JobReading.EndedAt(job) is { } end && end < time.GetUtcNow() - MetricJob.Kept))
                await DeleteAsync(space, job, cancellationToken);
        }
        catch (Exception failure) when (failure is ApiException or KeyNotFoundException or InvalidOperationException)
        {
            // The question goes on without.
        }
    }

    private async Task DeleteAsync(string space, JsonElement job, CancellationToken cancellationToken)
    {
        var (name, uid) = (JobReading.Text(job, "metadata", "name"), JobReading.Text(job, "metadata", "uid"));
        var request = new ApiRequest("delete", HttpMethod.Delete, MetricJob.Type.Path(space, name))
        {
            Type = MetricJob.Type,
            Target = $"{space}/{name}",
            Body = JsonSerializer.Serialize(new { kind = "DeleteOptions", apiVersion = "v1", propagationPolicy = "Background", preconditions = new { uid } }),
            IsIdempotent = true,
        };
        using var answer = await cluster.Api.ReadAsync(request, cancellationToken);
    }
}
