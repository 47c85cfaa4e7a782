using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>The destinations of a route. Those that name the Service become the Services of its versions, in place; all else of them stays. Pure.</summary>
/// <param name="hosts">Which hosts are meant.</param>
internal sealed class Destinations(HostNames hosts)
{
    /// <summary>Whether a route leads to the Service.</summary>
    public bool LeadsToService(JsonNode? route) => Of(route).Any(one => hosts.IsService(HostOf(one)));

    /// <summary>Whether a route leads to versions of the Service, or copies requests to one.</summary>
    public bool LeadsToArms(JsonNode? route) => Of(route).Concat(List(route?["mirrors"])).Any(one => hosts.IsArm(HostOf(one)));

    /// <summary>The destinations of a route with the Service's replaced.</summary>
    /// <param name="route">The route as its owner wrote it.</param>
    /// <param name="stable">The Service of the stable version.</param>
    /// <param name="canary">The Service of the new version; null when it gets nothing.</param>
    /// <param name="weight">Its share of what the Service gets.</param>
    /// <param name="whole">What the share is a part of.</param>
    /// <param name="mark">What is added to the destination of a version, which it is told; null for nothing.</param>
    public JsonArray Split(JsonNode route, string stable, string? canary, long weight, long whole, Action<JsonObject, bool>? mark = null)
    {
        var there = Of(route).Select(one => one!.AsObject()).ToList();
        var isSplit = canary is not null && weight > 0 && weight < whole;
        var result = new JsonArray();
        foreach (var one in there)
        {
            if (!hosts.IsService(HostOf(one)))
            {
                result.Add(Weighted(one, isSplit && there.Count > 1 ? Weight(one, there.Count) * whole : null));
                continue;
            }

            var own = Weight(one, there.Count);
            if (canary is null || weight < whole)
                result.Add(Arm(one, stable, isSplit ? own * (whole - weight) : null, isCanary: false, mark));
            if (canary is not null && weight > 0)
                result.Add(Arm(one, canary, isSplit ? own * weight : null, isCanary: true, mark));
        }

        return result;
    }

    /// <summary>The destinations as they may have been before: what leads to versions leads to the Service, once.</summary>
    public JsonArray Join(JsonNode route)
    {
        var result = new JsonArray();
        foreach (var one in Of(route).Select(one => one!.AsObject()))
        {
            var isArm = hosts.IsArm(HostOf(one));
            var copy = one.DeepClone().AsObject();
            if (isArm)
                copy["destination"]!["host"] = HostNames.With(HostOf(one)!, hosts.Service);
            if (isArm && result.FirstOrDefault(other => JsonNode.DeepEquals(other!["destination"], copy["destination"])) is JsonObject same)
                same["weight"] = (Number(same["weight"]) ?? 0) + (Number(copy["weight"]) ?? 0);
            else
                result.Add(copy);
        }

        if (result is [JsonObject only])
            only.Remove("weight");
        return result;
    }

    /// <summary>The host of the first destination that names the Service, and its port; null when none does.</summary>
    public JsonObject? First(JsonNode route) => Of(route).FirstOrDefault(one => hosts.IsService(HostOf(one)))?["destination"]?.AsObject();

    /// <summary>The host of a destination, or of a mirror.</summary>
    public static string? HostOf(JsonNode? one) => one?["destination"]?["host"] is JsonValue value && value.TryGetValue<string>(out var host) ? host : null;

    /// <summary>A list; empty where there is none.</summary>
    public static IEnumerable<JsonNode?> List(JsonNode? list) => list as JsonArray ?? [];

    private static IEnumerable<JsonNode?> Of(JsonNode? route) => List(route?["route"]).Where(one => one is JsonObject);

    private static JsonObject Arm(JsonObject one, string service, long? weight, bool isCanary, Action<JsonObject, bool>? mark)
    {
        var arm = Weighted(one, weight);
        arm["destination"]!["host"] = HostNames.With(HostOf(one)!, service);
        mark?.Invoke(arm, isCanary);
        return arm;
    }

    // Without a weight the one that is there is right.
    private static JsonObject Weighted(JsonObject one, long? weight)
    {
        var copy = one.DeepClone().AsObject();
        if (weight is { } number)
            copy["weight"] = number;
        return copy;
    }

    // One alone gets everything, whatever its weight; of several one without weight gets nothing.
    private static long Weight(JsonObject one, int count) => count == 1 ? 1 : Number(one["weight"]) ?? 0;

    private static long? Number(JsonNode? node) => node is JsonValue value && long.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
