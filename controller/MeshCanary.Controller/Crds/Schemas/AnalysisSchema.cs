using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of <c>spec.analysis</c>.</summary>
internal static class AnalysisSchema
{
    public static FieldSchema Analysis { get; } = Mapping("What counts as harm, and how sure is sure.")
        .With("interval", Duration("Counts are compared interval by interval, 1s to 1h.").Or("10s"))
        .With("warmup", Duration("From the first traffic of a version: guards watch, the comparison does not count yet; 0s to 24h.").Or("60s"))
        .With("falseRollbackRate", Rate("Chance that a version within tolerance is rolled back, for the whole run, however often it is looked at.").Or(0.01))
        .With("falsePromotionRate", Rate("Chance that a version at the harm margin passes.").Or(0.05))
        .With("errors", Mapping("Margins of the share of failures.")
            .With("tolerate", Margin("More failures by so much are not held against the version.", "0.05%", "10%"))
            .With("harm", Margin("More failures by so much must be excluded before a Pass; above tolerate.", "0.5%", "0%")))
        .With("latency", Mapping("Margins of the latency, in steps of 4.4%.")
            .With("percentiles", ListOf(Number("A percentile, inside 0 and 100.", 0.0001, 99.9999), "Which parts of the latencies are compared, rising. Default: 50, 90, 99.").Rule("minItems", 1).Rule("maxItems", 16))
            .With("tolerate", Percent("Slower by that factor is not held against the version; 0% or from 4.4%.").Or("4.4%"))
            .With("harm", Percent("Slower by that factor must be excluded before a Pass; above tolerate.").Or("19%")))
        .With("guards", ListOf(Guard(), "Absolute limits of the new version alone, from its first request and while it bakes."))
        .With("minimumIntervals", Forms.Whole("Intervals before the test may fail a version; guards do not wait.", 1, 100_000).Or(2))
        .With("minimumCanaryRequests", Forms.Whole("Requests of the new version before a verdict, and in each step before it is complete.", 1, 1_000_000_000).Or(100))
        .With("minimumBaselineRequests", Forms.Whole("Requests of stable before it is known what is normal.", 1, 1_000_000_000).Or(200))
        .With("overdispersion", Mapping("Divides the evidence where the service has good and bad minutes of its own. Default: learned.")
            .With("errors", Number("For errors: 1 where requests are independent, or more.", 1, 1000))
            .With("latency", Number("For latencies: 1 where requests are independent, or more.", 1, 1000)))
        .With("sampleRatioAlpha", Rate("False alarms of the test that traffic is split as configured.").Or(0.0001))
        .With("onInconclusive", OneOf("What happens at a step's maxDuration without a Pass.", "hold", "promote", "rollback").Or("hold"))
        .With("unit", OneOf("What is compared. Default: users with strategy.stickiness, otherwise requests.", "requests", "users"))
        .With("judge", OneOf("Which judge: sequential, or one by Kayenta's rules.", "sequential", "kayenta-v1", "kayenta-v2"))
        .With("kayenta", KayentaSchema.Kayenta)
        .With("source", SourceSchema.Source)
        .With("metrics", MetricSchema.Metrics);

    private static FieldSchema Margin(string description, string absolute, string relative) => Mapping(description)
        .With("absolute", Percent("In percentage points, 0% to 99.99%.").Or(absolute))
        .With("relative", Percent("And so much on top of stable's own, 0% to 10000%.").Or(relative));

    private static FieldSchema Guard() => Mapping("A limit; each metric at most once.")
        .Must("metric", Text("errorRate, latencyP99 or another percentile."))
        .Must("max", Text("The limit: a percentage for errorRate, a duration for a latency."))
        .With("intervals", Forms.Whole("That many intervals in a row above the limit.", 1, 1000).Or(2))
        .With("minimumRequests", Forms.Whole("An interval with fewer neither breaks nor clears it.", 1, 1_000_000_000).Or(20));
}
