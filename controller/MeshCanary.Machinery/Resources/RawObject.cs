using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace MeshCanary.Machinery.Resources;

/// <summary>An object of a type that has no class here: its metadata, and everything as JSON. Immutable but for the metadata.</summary>
[JsonConverter(typeof(RawObjectConverter))]
public sealed class RawObject : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Wraps JSON.</summary>
    /// <param name="json">The whole object. It must outlive this: clone it when its document will be disposed.</param>
    /// <exception cref="JsonException">It is no object with a name.</exception>
    public RawObject(JsonElement json)
    {
        Json = json;
        ApiVersion = Text(json, "apiVersion");
        Kind = Text(json, "kind");
        Metadata = ObjectJson.ReadMetadata(json);
    }

    /// <summary>The whole object as it came, with managed fields.</summary>
    public JsonElement Json { get; }

    /// <inheritdoc/>
    public string ApiVersion { get; set; }

    /// <inheritdoc/>
    public string Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; }

    /// <summary>Follows property names.</summary>
    /// <param name="path">Names from the root, such as <c>spec</c>, <c>replicas</c>.</param>
    /// <returns>What is there, or null where the path ends early.</returns>
    public JsonElement? At(params ReadOnlySpan<string> path)
    {
        var at = Json;
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }

        return at;
    }

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
