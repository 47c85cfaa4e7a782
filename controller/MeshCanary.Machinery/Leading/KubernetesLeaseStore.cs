using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Leading;

/// <summary>A lease as a Lease object. Written by merge patch with the version in it, so that labels of others stay and a race is a conflict.</summary>
/// <param name="api">The server.</param>
/// <param name="key">Where the Lease is.</param>
/// <param name="addressAnnotation">The annotation with the holder's address.</param>
/// <param name="timeout">How long one call may take.</param>
internal sealed class KubernetesLeaseStore(KubernetesApi api, ObjectKey key, string addressAnnotation, TimeSpan timeout) : ILeaseStore
{
    private static readonly ResourceType Leases = new("coordination.k8s.io", "v1", "leases", "Lease");

    public async Task<LeaseRecord?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await api.ReadOnceAsync(Request("get", HttpMethod.Get, Leases.Path(key.Namespace, key.Name)), cancellation);
            return Parse(answer.RootElement);
        }
        catch (ApiException error) when (error.Kind == ApiErrorKind.NotFound)
        {
            return null;
        }
    }

    public async Task<LeaseRecord> WriteAsync(LeaseRecord record, CancellationToken cancellation)
    {
        var lease = new JsonObject
        {
            ["apiVersion"] = Leases.ApiVersion,
            ["kind"] = Leases.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = key.Name,
                ["namespace"] = key.Namespace,
                ["annotations"] = new JsonObject { [addressAnnotation] = record.Address },
            },
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = record.Holder,
                ["leaseDurationSeconds"] = (int)Math.Ceiling(record.Duration.TotalSeconds),
                ["acquireTime"] = MicroTime.Format(record.Acquired),
                ["renewTime"] = MicroTime.Format(record.Renewed),
                ["leaseTransitions"] = record.Transitions,
            },
        };
        ApiRequest request;
        if (record.Version is null)
            request = Request("create", HttpMethod.Post, Leases.Path(key.Namespace));
        else
        {
            lease["metadata"]!["resourceVersion"] = record.Version;
            request = Request("patch", HttpMethod.Patch, Leases.Path(key.Namespace, key.Name)) with { ContentType = "application/merge-patch+json" };
        }

        using var answer = await api.ReadOnceAsync(request with { Body = lease.ToJsonString() }, cancellation);
        return Parse(answer.RootElement);
    }

    private ApiRequest Request(string verb, HttpMethod method, string path) => new(verb, method, path) { Type = Leases, Target = key.ToString(), Timeout = timeout };

    // Whoever may write leases may write nonsense into one. What cannot be read counts as absent: the version still guards the next write.
    private LeaseRecord Parse(JsonElement json) => new(
        ObjectJson.TextAt(json, "spec", "holderIdentity"),
        ObjectJson.TextAt(json, "metadata", "annotations", addressAnnotation),
        TimeSpan.FromSeconds(Number(json, "leaseDurationSeconds")),
        Time(json, "acquireTime"),
        Time(json, "renewTime"),
        Number(json, "leaseTransitions"),
        ObjectJson.TextAt(json, "metadata", "resourceVersion"));

    private static int Number(JsonElement json, string name) =>
        json.TryGetProperty("spec", out var spec) && spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;

    private static DateTimeOffset Time(JsonElement json, string name) =>
        DateTimeOffset.TryParse(ObjectJson.TextAt(json, "spec", name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : DateTimeOffset.UnixEpoch;
}
