using System.Text.Json;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Discovering;

/// <summary>Asks a server what it serves: in one answer each for the core and for groups where it can (1.26 on), else version by version.</summary>
internal sealed class DiscoveryReader(KubernetesApi api)
{
    private const string Aggregated =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    /// <summary>Reads groups and versions, and resources where they are told along.</summary>
    public async Task ReadAsync(ServedApis served, CancellationToken cancellation)
    {
        foreach (var path in (string[])["api", "apis"])
        {
            using var answer = await api.ReadAsync(Get(path, Aggregated), cancellation);
            switch (ObjectJson.TextAt(answer.RootElement, "kind"))
            {
                case "APIGroupDiscoveryList":
                    ReadAggregated(answer.RootElement, served);
                    break;
                case "APIGroupList":
                    foreach (var version in Items(answer.RootElement, "groups").SelectMany(group => Items(group, "versions")))
                        served.Add(ObjectJson.TextAt(version, "groupVersion"), null);
                    break;
                case "APIVersions":
                    foreach (var version in Items(answer.RootElement, "versions").Where(version => version.ValueKind == JsonValueKind.String))
                        served.Add(version.GetString()!, null);
                    break;
                case var kind:
                    throw new ApiException(ApiErrorKind.Garbled, $"get /{path}", $"the answer is a '{kind}', not a list of API groups");
            }
        }
    }

    /// <summary>Reads the resources of one version; none when it is not served after all.</summary>
    public async Task<IReadOnlySet<string>> ReadVersionAsync(ResourceType type, CancellationToken cancellation)
    {
        try
        {
            using var answer = await api.ReadAsync(Get(type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.ApiVersion}", "application/json"), cancellation);
            return Items(answer.RootElement, "resources").Select(resource => ObjectJson.TextAt(resource, "name")).ToHashSet(StringComparer.Ordinal);
        }
        catch (ApiException error) when (error.Kind == ApiErrorKind.NotFound)
        {
            return new HashSet<string>();
        }
    }

    private static void ReadAggregated(JsonElement root, ServedApis served)
    {
        foreach (var group in Items(root, "items"))
        {
            var name = ObjectJson.TextAt(group, "metadata", "name");
            foreach (var version in Items(group, "versions"))
            {
                var plurals = Items(version, "resources").Select(resource => ObjectJson.TextAt(resource, "resource")).ToHashSet(StringComparer.Ordinal);
                var number = ObjectJson.TextAt(version, "version");
                // A group whose own server is away is listed as stale and may be empty: that is no news of its resources.
                served.Add(name.Length == 0 ? number : $"{name}/{number}", plurals.Count == 0 ? null : plurals);
            }
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;

    private static ApiRequest Get(string path, string accept) => new("get", HttpMethod.Get, path) { Accept = accept, IsIdempotent = true };
}
