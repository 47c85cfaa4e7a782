using System.Text.Json;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Controller.Admission.Validating;

/// <summary>
/// Finds fields that the API server has dropped before anybody could see them. kubectl and server-side apply name an unknown
/// field by themselves; a client-side apply without validation does not, but leaves what was written in an annotation.
/// </summary>
internal static class DroppedFields
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public static IEnumerable<string> Of(JsonElement canary, JsonElement? before, Func<JsonElement?, IEnumerable<ManifestError>> read)
    {
        if (canary.Annotation(LastApplied) is not { } applied || before?.Annotation(LastApplied) == applied)
            return [];
        try
        {
            using var written = JsonDocument.Parse(applied);
            return [.. read(written.RootElement.Find("spec")).Where(error => error.Message.StartsWith("unknown field", StringComparison.Ordinal)).Select(error => error.Said)];
        }
        catch (JsonException)
        {
            // The annotation is anybody's to write; one that is no JSON tells nothing.
            return [];
        }
    }
}
