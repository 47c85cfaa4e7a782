using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Admission.Holding;

/// <summary>Compares pod templates that one API server gave.</summary>
internal static class PodTemplates
{
    private const string Hash = "pod-template-hash";

    /// <summary>Whether two templates ask for the same pods. Nulls say nothing, and the hash says in which ReplicaSet it was.</summary>
    public static bool Same(JsonElement? one, JsonElement? other) => JsonNode.DeepEquals(Plain(one), Plain(other));

    private static JsonNode? Plain(JsonElement? template)
    {
        var plain = template.Essence();
        (plain?["metadata"]?["labels"] as JsonObject)?.Remove(Hash);
        return plain;
    }
}
