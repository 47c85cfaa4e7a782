using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Planning;

namespace MeshCanary.Analysis.Explaining;

/// <summary>What would change the decision, and when.</summary>
internal static class OutlookWording
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(10);

    public static IEnumerable<string> Of(Verdict verdict, AnalysisSettings settings)
    {
        switch (verdict.Kind)
        {
            case VerdictKind.Fail when !verdict.Breaches.IsEmpty || verdict.CustomBreaches is not null:
                yield return "A blown guard stays blown for this run: only a retry, which begins without evidence, or another revision changes it.";
                break;
            case VerdictKind.Fail:
                yield return "Evidence that has reached its threshold is not taken back by later requests: only a retry, which begins without evidence, or another revision changes it.";
                break;
            case VerdictKind.Invalid:
                yield return "No request counted so far can be trusted in either direction: mend what is named above, and start the run again.";
                break;
            case VerdictKind.Inconclusive:
                yield return $"It becomes a Fail if the canary's other endpoints show the regression as well, and goes away when {verdict.SuspectEndpoint} serves no longer.";
                break;
            case VerdictKind.Pass when !verdict.Metrics.IsEmpty:
                yield return Words.Say($"It goes on being watched: a Fail needs evidence of {verdict.FailThreshold:0.0} over all metrics, which have {Words.Evidence(Math.Max(0, verdict.FailEvidence))} now.");
                break;
            case VerdictKind.NotEnoughData when !verdict.Metrics.IsEmpty:
                yield return Missing(verdict);
                break;
            default:
                break;
        }

        if (verdict.Kind is VerdictKind.Pass or VerdictKind.NotEnoughData && Detectable(verdict, settings) is { } detectable)
            yield return detectable;
    }

    private static string Missing(Verdict verdict)
    {
        string[] open =
        [
            .. verdict.Metrics.Where(metric => metric.PassEvidence < verdict.PassThreshold).Select(metric => metric.Metric),
            .. (verdict.Custom ?? []).Where(metric => metric is { Required: true, IsProven: false }).Select(metric => metric.Metric),
        ];
        var when = verdict.Eta is { } eta ? Words.Say($", in about {Words.Duration(eta)} at the present traffic if the canary is as good") : "";
        var pass = open.Length == 0
            ? Words.Say($"It becomes a Pass with the minimum of requests{when}")
            : Words.Say($"It becomes a Pass when {string.Join(", ", open)} {(open.Length == 1 ? "is" : "are")} proven harmless as well{when}");
        return Words.Say($"{pass}; it becomes a Fail when the evidence of a regression over all metrics reaches {verdict.FailThreshold:0.0} (now {Words.Evidence(Math.Max(0, verdict.FailEvidence))}).");
    }

    /// <summary>What the present traffic would find out, as far as counts of errors tell.</summary>
    private static string? Detectable(Verdict verdict, AnalysisSettings settings)
    {
        var errors = verdict.Metrics.FirstOrDefault(metric => metric.Metric == MetricNames.Errors);
        if (errors is not { StableRequests: > 0 } || !verdict.Traffic.Flow || errors.StableEvents == errors.StableRequests)
            return null;
        var total = verdict.Traffic.CanaryPerSecond + verdict.Traffic.StablePerSecond;

        // One failure more than were seen: none of a few requests does not mean never.
        var rate = (errors.StableEvents + 1.0) / (errors.StableRequests + 2);
        var forecaster = new VerdictForecaster(
            settings with { ErrorOverdispersion = errors.Overdispersion }, new TrafficForecast { RequestsPerSecond = total, StableErrorRate = rate }, PlanTiming.Default);
        return forecaster.SmallestErrorIncrease(verdict.Traffic.CanaryPerSecond / total, Soon) is { } increase
            ? Words.Say($"At the present {verdict.Traffic.CanaryPerSecond:#,0.##} canary requests/s an error rate of {Words.Share(rate + increase)} or more (present version: {Words.Share(rate)}) would be found within {Words.Duration(Soon)}.")
            : Words.Say($"At the present {verdict.Traffic.CanaryPerSecond:#,0.##} canary requests/s not even total failure would be found within {Words.Duration(Soon)}: guards are what protects the users.");
    }
}
