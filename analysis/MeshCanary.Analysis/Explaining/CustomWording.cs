using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Custom;

namespace MeshCanary.Analysis.Explaining;

/// <summary>What custom metrics show, in words.</summary>
internal static class CustomWording
{
    /// <summary>A sentence on one metric.</summary>
    public static string Of(CustomEvidence metric, Verdict verdict)
    {
        var standing = metric.Missing is { } missing ? $"{(metric.Required ? "A Pass waits for it" : "It is not required")}: {missing}" : "Nothing of it stands against a Pass";
        var answers = Words.Say($"{metric.Answered:N0} {(metric.Answered == 1 ? "answer" : "answers")}, {metric.Unanswered:N0} without");
        if (metric.Kind == CustomKind.Guard)
            return $"{metric.Metric}: {(metric.Canary is null ? "no value yet" : $"the canary's value is {Number(metric.Canary)}{(metric.Stable is null ? "" : $", stable's {Number(metric.Stable)}")}")} ({answers}). {standing}.";
        if (metric.Difference is null)
            return $"{metric.Metric}: nothing is compared yet ({answers}). {standing}.";
        return Words.Say($"{Compare(metric, "stable")}, a difference of {Show(metric, metric.Difference)} (95 % interval that holds at any time: {Show(metric, metric.DifferenceLow)} to {Show(metric, metric.DifferenceHigh)}; {answers}). Evidence of a regression is {Words.Evidence(metric.FailEvidence)} ({Words.Evidence(metric.AdjustedFailEvidence)} of {verdict.FailThreshold:0.0} after allowing for the other metrics), of harmlessness {Words.Evidence(metric.PassEvidence)} of {verdict.PassThreshold:0.0} needed. {standing}.");
    }

    /// <summary>Both arms in a few words.</summary>
    public static string Compare(CustomEvidence metric, string reference) => metric.Canary is null
        ? metric.Metric
        : $"{metric.Metric}: canary {Show(metric, metric.Canary)} against {Show(metric, metric.Stable)} of {reference}";

    /// <summary>A broken guard.</summary>
    public static string Of(CustomBreach breach) =>
        $"{breach.Metric} of {(breach.Arm == "canary" ? "the canary" : breach.Arm)} is {Number(breach.Observed)}, {(breach.IsAbove ? "above" : "below")} the limit of {Number(breach.Limit)}";

    /// <summary>Why a Pass waits for a metric.</summary>
    public static string Waits(CustomEvidence metric) => $"Required metric {metric.Metric} is open: {metric.Missing}";

    private static string Show(CustomEvidence metric, double? value) =>
        metric.Kind == CustomKind.Comparison || value is null ? Number(value) : Words.Share(value.Value);

    private static string Number(double? value) => value is { } number ? Words.Say($"{number:G6}") : "unknown";
}
