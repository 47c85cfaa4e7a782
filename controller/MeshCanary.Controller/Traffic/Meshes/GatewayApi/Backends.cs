using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>Reads <c>backendRefs</c> and splits them. Nothing that is given is changed.</summary>
internal static class Backends
{
    /// <summary>The name of the Service that a reference means; null when it means something else.</summary>
    public static string? ServiceOf(JsonNode? reference, string space)
    {
        var isService = Text(reference, "group") is null or "" && Text(reference, "kind") is null or "Service";
        return isService && (Text(reference, "namespace") ?? space) == space ? Text(reference, "name") : null;
    }

    /// <summary>Whether a reference leads to the Service whose requests are split, on a port that is split.</summary>
    public static bool IsSplit(JsonNode? reference, ArmSplit split) =>
        ServiceOf(reference, split.Namespace) == split.Service && (split.Ports.IsEmpty || Number(reference, "port") is not { } port || split.Ports.Contains((int)port));

    /// <summary>The weight of a reference, 1 where none is written.</summary>
    public static long Weight(JsonNode? reference) => Number(reference, "weight") ?? 1;

    /// <summary>How the weights of a list are shared.</summary>
    public static WeightShares Shares(JsonArray given, ArmSplit split) =>
        WeightShares.Of([.. given.Select(one => (Weight(one), IsSplit(one, split)))], split.Weight);

    /// <summary>
    /// The list with each reference to the Service replaced, in its place, by its arms, which share its weight; without a canary by stable
    /// alone, with the weight that it has. All other fields are kept on each arm.
    /// </summary>
    public static JsonArray Split(JsonArray given, ArmSplit split)
    {
        if (split.Canary is null)
            return [.. given.Select(one => IsSplit(one, split) ? Leading(one!, split.Stable, null) : one?.DeepClone())];
        var list = new JsonArray();
        foreach (var (one, share) in given.Zip(Shares(given, split).Shares))
        {
            var isSplit = IsSplit(one, split);
            list.Add(Leading(one!, isSplit ? split.Stable : null, share.Kept));
            if (isSplit)
                list.Add(Leading(one!, split.Canary, share.Canary));
        }

        return list;
    }

    /// <summary>A reference with another name and weight, all else kept; null keeps that too.</summary>
    public static JsonObject Leading(JsonNode reference, string? name, long? weight)
    {
        var copy = reference.DeepClone().AsObject();
        if (name is not null)
            copy["name"] = name;
        if (weight is not null)
            copy["weight"] = weight;
        return copy;
    }

    /// <summary>A text in an object; null when there is none.</summary>
    public static string? Text(JsonNode? node, string field) =>
        node is JsonObject fields && fields[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A whole number in an object; null when there is none.</summary>
    public static long? Number(JsonNode? node, string field) =>
        node is JsonObject fields && fields[field] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}
