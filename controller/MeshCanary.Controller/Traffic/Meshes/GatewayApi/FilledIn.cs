using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>
/// What API servers fill in and we leave out: the group of a Service, which is the empty text. It is not written either, since some servers
/// before 1.25 refuse empty texts.
/// </summary>
internal static class FilledIn
{
    /// <summary>Whether two parts of routes say the same.</summary>
    public static bool IsSame(JsonNode? one, JsonNode? other) => JsonNode.DeepEquals(Without(one), Without(other));

    /// <summary>A copy without it.</summary>
    public static JsonNode? Without(JsonNode? node) => node switch
    {
        JsonArray list => new JsonArray([.. list.Select(Without)]),
        JsonObject fields => new JsonObject(fields.Where(field => !IsEmptyGroup(fields, field)).Select(field => KeyValuePair.Create(field.Key, Without(field.Value)))),
        _ => node?.DeepClone(),
    };

    private static bool IsEmptyGroup(JsonObject fields, KeyValuePair<string, JsonNode?> field) =>
        field.Key == "group" && Backends.Text(fields, "group") is "" && (Backends.Text(fields, "kind") ?? "Service") == "Service";
}
