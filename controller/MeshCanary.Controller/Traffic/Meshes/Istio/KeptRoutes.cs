using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>
/// What was kept of a VirtualService's routes when they were changed: those that were, as their owner wrote them, and what for. Several
/// Canaries may have routes in one VirtualService, each under its name in one annotation. Immutable.
/// </summary>
/// <param name="Plan">What they were changed for.</param>
/// <param name="Sections">The routes by section: <c>http</c>, <c>tls</c> and <c>tcp</c>.</param>
internal sealed record KeptRoutes(string Plan, JsonObject Sections)
{
    /// <summary>Reads them; null when there are none of this Canary.</summary>
    public static KeptRoutes? Of(RawObject seen, string canary) =>
        All(seen)[canary] is JsonObject kept && kept["plan"] is JsonValue plan && plan.TryGetValue<string>(out var text)
            ? new KeptRoutes(text, kept["routes"] as JsonObject ?? [])
            : null;

    /// <summary>The routes of a section.</summary>
    public IReadOnlyList<JsonObject> Section(string name) => [.. Destinations.List(Sections[name]).OfType<JsonObject>()];

    /// <summary>The text of the annotation with, or without, these of a Canary; null when nothing is left in it.</summary>
    public static string? Write(RawObject seen, string canary, KeptRoutes? kept)
    {
        var all = All(seen);
        all.Remove(canary);
        if (kept is not null)
            all[canary] = new JsonObject { ["plan"] = kept.Plan, ["routes"] = kept.Sections.DeepClone() };
        return all.Count == 0 ? null : all.ToJsonString();
    }

    // Somebody may have written something else into it: then nothing is known.
    private static JsonObject All(RawObject seen)
    {
        if (seen.Metadata.Annotations?.TryGetValue(ApiNames.OriginalRoutesAnnotation, out var text) != true)
            return [];
        try
        {
            return JsonNode.Parse(text!) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
