using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>
/// The routes of a VirtualService as its owner means them, found in what is there: our own routes are left out, and the destinations
/// that we changed are put back. Whatever else was written meanwhile is the owner's, and stays. Pure.
/// </summary>
/// <param name="hosts">Which hosts are meant.</param>
/// <param name="canary">Name of the Canary.</param>
internal sealed class UserRoutes(HostNames hosts, string canary)
{
    /// <summary>The sections that lead requests.</summary>
    public static readonly string[] Sections = ["http", "tls", "tcp"];

    private readonly Destinations _destinations = new(hosts);

    /// <summary>What the names of our own routes begin with.</summary>
    public string OwnPrefix => $"meshcanary-{canary}-";

    /// <summary>A section without what is ours; null when it is not there.</summary>
    /// <param name="present">The section as it is.</param>
    /// <param name="kept">The routes of it that were kept.</param>
    public JsonArray? Of(JsonArray? present, IReadOnlyList<JsonObject> kept)
    {
        if (present is null)
            return null;
        var theirs = present.Where(route => !IsOwn(route)).ToList();
        var changed = theirs.Count(_destinations.LeadsToArms);
        var at = 0;
        return [.. theirs.Select(route => _destinations.LeadsToArms(route) ? Original(route!.AsObject(), kept, changed == kept.Count ? kept[at++] : null) : route?.DeepClone())];
    }

    private bool IsOwn(JsonNode? route) =>
        route?["name"] is JsonValue value && value.TryGetValue<string>(out var name) && name.StartsWith(OwnPrefix, StringComparison.Ordinal);

    // By its name; without one by all that we never change; by its place where that is changed too.
    private JsonObject Original(JsonObject route, IReadOnlyList<JsonObject> kept, JsonObject? inPlace)
    {
        var before = kept.FirstOrDefault(one => one["name"] is { } name && JsonNode.DeepEquals(name, route["name"]))
            ?? kept.FirstOrDefault(one => JsonNode.DeepEquals(Rest(one), Rest(route)))
            ?? inPlace;
        var original = route.DeepClone().AsObject();
        original["route"] = before?["route"]?.DeepClone() ?? _destinations.Join(route);
        var mirrors = new JsonArray([.. Destinations.List(route["mirrors"]).Where(one => !hosts.IsArm(Destinations.HostOf(one))).Select(one => one?.DeepClone())]);
        if (mirrors.Count == 0 && before?["mirrors"] is null)
            original.Remove("mirrors");
        else
            original["mirrors"] = mirrors;
        return original;
    }

    private static JsonObject Rest(JsonObject route)
    {
        var rest = route.DeepClone().AsObject();
        rest.Remove("route");
        rest.Remove("mirrors");
        return rest;
    }
}
