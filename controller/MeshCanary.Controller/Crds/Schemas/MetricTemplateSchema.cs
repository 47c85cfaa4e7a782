using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of a metric template.</summary>
internal static class MetricTemplateSchema
{
    public static FieldSchema Spec { get; } = Mapping("Who is asked, and for what.")
        .Must("provider", MetricProviderSchema.Whole)
        .Must("query", Text("The query in the provider's own language.").Rule("minLength", 1))
        .With("interval", Duration("Time from query to query, 1s to 1h. Default: the interval of the analysis."))
        .With("timeout", Duration("Longest wait for an answer, 100ms to 1m; for a Job up to 10m.").Or("10s"));

    public static FieldSchema Whole { get; } = Mapping("A MetricTemplate is a query that Canaries name instead of repeating it.")
        .With("apiVersion", Text("meshcanary.io/v1alpha1"))
        .With("kind", Text("MetricTemplate"))
        .With("metadata", new FieldSchema { Type = "object" })
        .Must("spec", Spec);
}
