using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Admission.Holding;

/// <summary>
/// Tells a person's <c>kubectl rollout resume</c> from a manifest that is written again. The first changes <c>paused</c> and
/// nothing else; a manifest replaces the object (our marks are gone then), or declares <c>paused</c> itself. The verb does not
/// tell: a review of a patch has the options of an update.
/// </summary>
internal static class HandResume
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public static bool Is(JsonElement before, JsonElement now) =>
        before.IsTrue("spec", "paused")
        && !now.IsTrue("spec", "paused")
        && now.Annotation(ApiNames.HeldAnnotation) == before.Annotation(ApiNames.HeldAnnotation)
        && JsonNode.DeepEquals(WithoutPause(before), WithoutPause(now))
        && !IsInManifest(now)
        && !IsApplied(now);

    private static JsonNode? WithoutPause(JsonElement deployment)
    {
        var spec = deployment.Find("spec").Essence();
        (spec as JsonObject)?.Remove("paused");
        return spec;
    }

    private static bool IsInManifest(JsonElement now)
    {
        if (now.Annotation(LastApplied) is not { } applied)
            return false;
        try
        {
            using var written = JsonDocument.Parse(applied);
            return written.RootElement.Find("spec", "paused") is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Server-side apply: a manager owns the field because its manifest has it.
    private static bool IsApplied(JsonElement now) =>
        now.Find("metadata", "managedFields") is { ValueKind: JsonValueKind.Array } managers
        && managers.EnumerateArray().Any(manager => manager.Text("operation") == "Apply" && manager.Find("fieldsV1", "f:spec", "f:paused") is not null);
}
