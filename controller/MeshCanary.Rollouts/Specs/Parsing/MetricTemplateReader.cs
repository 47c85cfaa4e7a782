using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Rollouts.Specs.Parsing.Binding;
using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Json;

namespace MeshCanary.Rollouts.Specs.Parsing;

/// <summary>Reads <c>MetricTemplate</c> objects and finds every fault at once.</summary>
public static class MetricTemplateReader
{
    /// <summary>Reads the spec of an object as the API server gives it.</summary>
    /// <param name="spec">The object's <c>spec</c>.</param>
    /// <param name="errors">Every fault, in the order of the object.</param>
    /// <returns>What it asks for, or null when there are errors.</returns>
    public static MetricTemplateSpec? ReadObject(JsonElement? spec, out ImmutableArray<ManifestError> errors)
    {
        var found = new ErrorList("");
        Value? at = spec is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } given ? new Value(JsonNodeReader.Read(given), "spec") : null;
        if (at is null)
            found.Add("spec", 0, 0, "is missing", "Write spec: with provider and query");
        var bound = MetricTemplateBinder.Bind(at, found);
        errors = found.InOrder();
        return errors.IsEmpty ? bound : null;
    }
}
