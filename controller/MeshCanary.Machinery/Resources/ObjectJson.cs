using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace MeshCanary.Machinery.Resources;

/// <summary>Objects from and to JSON.</summary>
public static class ObjectJson
{
    // The server's own decoder stops at this depth. Ours must reach as deep, or one nested object would hide the page that it is on;
    // documents are parsed without recursion, so depth costs no stack. Classes are filled with the usual limit, object by object.
    internal static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = 10_000 };

    /// <summary>One object as a class.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="JsonException">The JSON does not fit the class, or the object has no name.</exception>
    public static T Decode<T>(JsonElement json)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        // A raw object keeps its JSON, which must not die with the page.
        var decoded = typeof(T) == typeof(RawObject) ? (T)(object)new RawObject(json.Clone()) : KubernetesJson.Deserialize<T>(json);
        if (string.IsNullOrEmpty(decoded?.Metadata?.Name))
            throw new JsonException("The object has no metadata.name.");
        return decoded;
    }

    /// <summary>An object as JSON, nulls left out.</summary>
    /// <param name="value">The object: a class, a node or an element.</param>
    public static string Encode(object value) => value is JsonNode node ? node.ToJsonString() : KubernetesJson.Serialize(value);

    /// <summary>The metadata alone.</summary>
    internal static V1ObjectMeta ReadMetadata(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("metadata", out var metadata) || metadata.ValueKind != JsonValueKind.Object)
            throw new JsonException("The object has no metadata.");
        return KubernetesJson.Deserialize<V1ObjectMeta>(metadata);
    }

    /// <summary>A string at a path, or empty: for objects of which nothing may be taken for granted. Never throws.</summary>
    internal static string TextAt(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
                return "";
        }

        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is valid JSON and no text.
            return json.GetRawText();
        }
    }
}
