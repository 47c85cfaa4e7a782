using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>
/// What is kept on a route that was changed for a Canary: what was written, and the backends that it had. One annotation holds it for
/// every Canary whose Service the route leads to, by the Canary's name. Immutable.
/// </summary>
/// <param name="Since">When it was written.</param>
internal sealed record KeptRoute(DateTimeOffset Since)
{
    /// <summary>The annotation.</summary>
    public const string Annotation = ApiNames.OriginalRoutesAnnotation;

    /// <summary>The Service of the stable revision as it was written; null once the route is as it was.</summary>
    public string? Stable { get; init; }

    /// <summary>The Service of the canary as it was written; null for none.</summary>
    public string? Canary { get; init; }

    /// <summary>The canary's share as it was written, in basis points.</summary>
    public int Weight { get; init; }

    /// <summary>The backends that the rules with the Service had, rule by rule.</summary>
    public ImmutableArray<JsonArray> Backends { get; init; } = [];

    /// <summary>Whether a name is that of an arm as it was written.</summary>
    public bool IsArm(string? service) => service is not null && (service == Stable || service == Canary);

    /// <summary>Whether the same was written, whenever that was.</summary>
    public bool IsOf(ArmSplit split) => Stable == split.Stable && Canary == split.Canary && Weight == split.Weight;

    /// <summary>What is kept on a route for a Canary; null for nothing.</summary>
    /// <param name="route">The route.</param>
    /// <param name="canary">The Canary's name.</param>
    public static KeptRoute? Read(RawObject route, string canary) => All(route)?[canary] is JsonObject kept ? Parse(kept) : null;

    /// <summary>The other Canaries for which something is kept.</summary>
    public static IEnumerable<KeyValuePair<string, KeptRoute>> Others(RawObject route, string canary) =>
        from pair in All(route) ?? []
        where pair.Key != canary && pair.Value is JsonObject
        select KeyValuePair.Create(pair.Key, Parse(pair.Value!.AsObject()));

    /// <summary>The annotation's text with this in it; null when nothing is left to keep.</summary>
    /// <param name="route">The route as it is.</param>
    /// <param name="canary">The Canary's name.</param>
    /// <param name="kept">What to keep for it; null for nothing.</param>
    public static string? Write(RawObject? route, string canary, KeptRoute? kept)
    {
        var all = (route is null ? null : All(route)) ?? [];
        all.Remove(canary);
        if (kept is not null)
            all[canary] = kept.ToJson();
        return all.Count == 0 ? null : all.ToJsonString(Readable);
    }

    // People read it, and restore from it by hand.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private JsonObject ToJson()
    {
        var json = new JsonObject { ["since"] = Since.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) };
        if (Stable is not null)
            json["stable"] = Stable;
        if (Canary is not null)
        {
            json["canary"] = Canary;
            json["weight"] = Weight;
        }

        if (!Backends.IsEmpty)
            json["backendRefs"] = new JsonArray([.. Backends.Select(list => list.DeepClone())]);
        return json;
    }

    private static JsonObject? All(RawObject route)
    {
        if (route.Metadata.Annotations?.TryGetValue(Annotation, out var text) != true)
            return null;
        try
        {
            return JsonNode.Parse(text!, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static KeptRoute Parse(JsonObject json) =>
        new(DateTimeOffset.TryParse(GatewayApi.Backends.Text(json, "since"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) ? since : DateTimeOffset.UnixEpoch)
        {
            Stable = GatewayApi.Backends.Text(json, "stable"),
            Canary = GatewayApi.Backends.Text(json, "canary"),
            Weight = (int)Math.Clamp(GatewayApi.Backends.Number(json, "weight") ?? 0, 0, 10_000),
            Backends = json["backendRefs"] is JsonArray lists ? [.. lists.OfType<JsonArray>().Select(list => list.DeepClone().AsArray())] : [],
        };
}
