using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of a metric template.</summary>
internal static class MetricTemplateSchema
{
    public static FieldSchema Spec { get; } = Mapping("Who is asked, and for what.")
        .Must("provider", MetricProviderSchema.Whole)
        .Must("query", Text("The query in the provider's own language, with variables as {{ name }}.").Rule("minLength", 1))
        .With("totalQuery", Text("For counts: the query for the total that the events are a part of.").Rule("minLength", 1))
        .With("args", ListOf(Mapping("A variable.")
            .Must("name", Text("Its name: letters, digits and _."))
            .With("default", Text("What stands in its place where a Canary says nothing.")), "Variables of its own, beside those that every query has."))
        .With("interval", Duration("Shortest time that one question may be about, 1s to 1h. Default: any."))
        .With("timeout", Duration("Longest wait for an answer, 100ms to 1m; for a Job up to 10m.").Or("10s"));

    public static FieldSchema Whole { get; } = Mapping("A MetricTemplate is a query that Canaries name instead of repeating it.")
        .With("apiVersion", Text("meshcanary.io/v1alpha1"))
        .With("kind", Text("MetricTemplate"))
        .With("metadata", new FieldSchema { Type = "object" })
        .Must("spec", Spec);
}
