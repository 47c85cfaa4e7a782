using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of <c>spec.analysis.metrics</c>.</summary>
internal static class MetricSchema
{
    public static FieldSchema Metrics { get; } = ListOf(Metric(), "Metrics of other sources, asked for interval by interval.").Rule("maxItems", 32);

    private static FieldSchema Metric() => Mapping("A metric: where its answers come from, and one of guard, comparison, counts and distribution.")
        .Must("name", Label("Its name, unlike that of any other metric."))
        .With("template", Subdomain("Name of a MetricTemplate of the same namespace; or write inline."))
        .With("inline", MetricTemplateSchema.Spec)
        .With("args", MapOf(Text("Its value: letters, digits and _-./:@%+*| only."), "Values of the query's own variables."))
        .With("interval", Duration("Length of the time that one question is about; a multiple of analysis.interval. Default: that interval."))
        .With("delay", Duration("Wait from the end of that time to the question, 0s to 10m.").Or("20s"))
        .With("required", Flag("A Pass waits for enough evidence, and for an answer to the newest question.").Or(true))
        .With("weight", Percent("Part of the evidence of a regression over all metrics, 10% where nothing is said; not for a guard."))
        .With("guard", Mapping("A number that has to stay within limits.")
            .With("min", Number("The least allowed value.", -1e15, 1e15))
            .With("max", Number("The largest allowed value.", -1e15, 1e15))
            .With("of", OneOf("Whose value: that of the canary, or that of either arm.", "canary", "both").Or("canary"))
            .With("intervals", Forms.Whole("Answers in a row beyond a limit that break it.", 1, 1000).Or(2)))
        .With("comparison", Mapping("One number of each arm, compared pair by pair.")
            .With("worse", Worse())
            .With("tolerate", Margin("Worse by so much is not held against the version.", Number("In the metric's own unit.", 0, 1e15)))
            .Must("harm", Margin("Worse by so much must be excluded before a Pass; above tolerate.", Number("In the metric's own unit.", 0, 1e15))))
        .With("counts", Mapping("Events of a total of each arm.")
            .With("worse", Worse())
            .With("tolerate", Margin("Worse by so much is not held against the version.", Percent("In percentage points.")))
            .Must("harm", Margin("Worse by so much must be excluded before a Pass; above tolerate.", Percent("In percentage points.")))
            .With("overdispersion", Number("Divides the evidence: 1 where events are independent, or more.", 1, 1000).Or(4)))
        .With("distribution", Mapping("Cumulative buckets of each arm, one series for each label le.")
            .With("percentiles", ListOf(Number("A percentile, inside 0 and 100.", 0.0001, 99.9999), "Which parts are compared, rising. Default: 50, 90, 99.").Rule("minItems", 1).Rule("maxItems", 16))
            .With("tolerate", Percent("Larger by that factor is not held against the version.").Or("0%"))
            .Must("harm", Percent("Larger by that factor must be excluded before a Pass; above tolerate."))
            .With("overdispersion", Number("Divides the evidence: 1 where observations are independent, or more.", 1, 1000).Or(4)));

    private static FieldSchema Worse() => OneOf("Which way is worse.", "increase", "decrease", "either").Or("increase");

    private static FieldSchema Margin(string description, FieldSchema absolute) => Mapping(description)
        .With("absolute", absolute)
        .With("relative", Percent("And so much of stable's own, 0% to 10000%."));
}
