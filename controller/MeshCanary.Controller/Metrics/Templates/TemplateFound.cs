using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>What became of looking up a template.</summary>
/// <param name="Spec">The template; null when it is not there or cannot be read.</param>
/// <param name="Fault">Why not, and what to do; null when it is.</param>
internal sealed record TemplateFound(MetricTemplateSpec? Spec, string? Fault)
{
    /// <summary>There is none.</summary>
    public static TemplateFound Missing(string @namespace, string name) =>
        new(null, $"MetricTemplate {@namespace}/{name} does not exist; create it, or name another one");
}
