using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of <c>spec.analysis.kayenta</c>.</summary>
internal static class KayentaSchema
{
    public static FieldSchema Kayenta { get; } = Mapping("What Kayenta's judge is set to; only with such a judge.")
        .With("lifetime", Duration("How long is judged after the warm-up, 1s to 72h; the first step's maxDuration has to be longer.").Or("1h"))
        .With("interval", Duration("From judgement to judgement, at most lifetime. Default: 10m, or lifetime where that is shorter."))
        .With("step", Duration("Time that becomes one value; a multiple of analysis.interval.").Or("1m"))
        .With("warmUp", Duration("Left out after analysis.warmup.").Or("0s"))
        .With("lookBack", Duration("How much a judgement looks at; 0s for all so far.").Or("0s"))
        .With("thresholds", Mapping("Scores that decide.")
            .With("pass", Number("The run passes from this score.", 0, 100).Or(95))
            .With("marginal", Number("It fails at once at this score or below.", 0, 100).Or(75)))
        .With("minimumPoints", Forms.Whole("kayenta-v2: values that a version needs before a metric is judged.", 1, 1000).Or(5))
        .With("metrics", ListOf(Metric(), "What is judged. Default: error rate, p50, p90 and p99; a list of your own takes the place of all of it."))
        .With("groupWeights", MapOf(Number("Its weight in percent.", 0, 100), "Weights of groups; those without one share what is missing to 100."));

    private static FieldSchema Metric() => Mapping("A metric.")
        .Must("name", Text("errorRate in percent, requestRate a second, latencyP99 and so on in milliseconds."))
        .With("groups", ListOf(Text("Name of a group."), "Groups that it counts in."))
        .With("direction", OneOf("Which change is bad.", "increase", "decrease", "either").Or("increase"))
        .With("nanStrategy", OneOf("What becomes of missing values. Default: remove.", "remove", "replace"))
        .With("critical", Flag("A bad one fails the whole.").Or(false))
        .With("mustHaveData", Flag("No data is bad.").Or(false))
        .With("muted", Flag("Shown and not counted.").Or(false))
        .With("allowedIncrease", Number("Ratio of the means that is no matter, such as 1.1.", 0, 1000))
        .With("allowedDecrease", Number("Ratio of the means that is no matter, such as 0.9.", 0, 1000));
}
