using System.Text;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Explaining;

/// <summary>What one metric shows.</summary>
internal static class MetricWording
{
    public static string Of(MetricEvidence metric, Verdict verdict, AnalysisSettings settings)
    {
        if (metric.CanaryRequests == 0 || metric.StableRequests == 0)
            return $"{metric.Metric}: nothing is compared yet.";
        var text = new StringBuilder(Words.Say($"{metric.Metric}: {Counted(metric, settings)}"));
        text.Append(Words.Say($", a difference of {Words.Points(metric.Difference)} points (95 % interval that holds at any time: {Words.Points(metric.DifferenceLow)} to {Words.Points(metric.DifferenceHigh)}). {Tolerated(metric, settings)}"));
        text.Append(Words.Say($"Evidence of a regression is {Words.Evidence(metric.FailEvidence)} ({Named(metric, verdict)}), of harmlessness {Words.Evidence(metric.PassEvidence)} of {verdict.PassThreshold:0.0} needed"));
        if (metric.Overdispersion > 1)
            text.Append(Words.Say($", each divided by the service's own noise, {metric.Overdispersion:0.0}"));
        return text.Append(Opinion(metric, verdict)).Append('.').ToString();
    }

    private static string Counted(MetricEvidence metric, AnalysisSettings settings)
    {
        var (canary, stable) = ((double)metric.CanaryEvents / metric.CanaryRequests, (double)metric.StableEvents / metric.StableRequests);
        var units = settings.Unit == ComparisonUnit.Users ? "users" : "requests";
        if (metric.EdgeSeconds is not { } edge)
            return Words.Say($"{Words.Share(canary)} of the canary's {units} failed against {Words.Share(stable)}");
        return Words.Say($"{Words.Share(canary)} of the canary's {units} failed or took longer than {Words.Latency(edge)} against {Words.Share(stable)}");
    }

    private static string Tolerated(MetricEvidence metric, AnalysisSettings settings)
    {
        if (metric.EdgeSeconds is not { } edge)
            return Words.Say($"Tolerated are {settings.ErrorToleranceAbsolute * 100:0.###} points and {settings.ErrorToleranceRelative * 100:0.#} % of what fails anyway. ");
        return metric.ToleratedEdgeSeconds is { } limit && limit > edge
            ? Words.Say($"Up to {Words.Latency(limit)} is tolerated, which {Words.Share((double)metric.CanaryEventsBeyondTolerance / metric.CanaryRequests)} of the canary's exceed. ")
            : "";
    }

    private static string Named(MetricEvidence metric, Verdict verdict) => metric.AdjustedFailEvidence >= verdict.FailThreshold
        ? "enough to name it as a culprit by itself"
        : Words.Say($"{Words.Evidence(metric.AdjustedFailEvidence)} after allowing for the other metrics, {verdict.FailThreshold:0.0} would name it as a culprit");

    private static string Opinion(MetricEvidence metric, Verdict verdict)
    {
        if (metric.SecondOpinion is not { } opinion || Math.Abs(opinion) < 0.05)
            return "";
        return Words.Say($"; a second opinion from whole minutes, which never decides, has {Words.Evidence(opinion)} of {verdict.FailThreshold:0.0}");
    }
}
