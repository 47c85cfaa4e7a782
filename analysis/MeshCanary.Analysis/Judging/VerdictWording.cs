using System.Globalization;
using System.Text;
using MeshCanary.Analysis.Judging.Endpoints;

namespace MeshCanary.Analysis.Judging;

/// <summary>Says in one sentence, with numbers, why a verdict is what it is.</summary>
internal static class VerdictWording
{
    public static string Reason(VerdictKind kind, AssessmentFacts facts, TimeSpan? eta) => kind switch
    {
        VerdictKind.Fail when !facts.Breaches.IsEmpty => Breached(facts),
        VerdictKind.Fail => Regressed(facts),
        VerdictKind.Invalid when facts.SplitFault is not null => $"The traffic split is broken: {facts.SplitFault}.",
        VerdictKind.Invalid => $"Environment shift: {facts.EnvironmentFault}; the arms differ by more than the version, so nothing is said of it.",
        VerdictKind.Inconclusive => FromOneEndpoint(facts),
        VerdictKind.Pass => Harmless(facts),
        _ => Missing(facts, eta),
    };

    private static string Breached(AssessmentFacts facts) =>
        "Guard breached: " + string.Join("; ", facts.Breaches.Select(breach =>
            breach.Metric == MetricNames.ErrorRate
                ? Say($"errorRate of the canary is {Share(breach.Observed)} of {breach.Requests:N0} requests, the limit is {Share(breach.Limit)}")
                : Say($"{breach.Metric} of the canary is {Seconds(breach.Observed)} over {breach.Requests:N0} requests, the limit is {Seconds(breach.Limit)}"))) + ".";

    private static string Regressed(AssessmentFacts facts)
    {
        var culprits = facts.Metrics.Where(metric => metric.AdjustedFailEvidence >= facts.FailThreshold).ToArray();
        var together = culprits.Length == 0;
        if (together)
            culprits = [facts.Metrics.MaxBy(metric => metric.AdjustedFailEvidence)!];
        var text = new StringBuilder(together ? "Several metrics together, most of all " : string.Empty)
            .AppendJoin("; ", culprits.Select(metric => Compare(metric, facts)));
        return text.Append(Say($"; evidence {facts.HighestFailEvidence:0.0} of {facts.FailThreshold:0.0} needed to roll back.")).ToString();
    }

    private static string FromOneEndpoint(AssessmentFacts facts)
    {
        var suspect = facts.Suspect!;
        return Say($"{Regressed(facts)[..^1]}; but it comes from one endpoint, {suspect.Endpoint}: replace it. Without it the evidence is {suspect.Without:0.0}, and it is worse than the canary's other endpoints (evidence {suspect.Apart:0.0} of {EndpointWatches.ApartThreshold:0.0} needed).");
    }

    private static string Harmless(AssessmentFacts facts)
    {
        var weakest = facts.Metrics.MinBy(metric => metric.PassEvidence)!;
        return Say($"All {facts.Metrics.Length} metrics are proven within their harm margins after {facts.CanaryRequests:N0} canary {facts.Units}; the closest, {Compare(weakest, facts)}, has evidence {weakest.PassEvidence:0.0} of {facts.PassThreshold:0.0} needed.");
    }

    private static string Missing(AssessmentFacts facts, TimeSpan? eta)
    {
        var text = new StringBuilder();
        if (facts.LacksUsers)
            text.Append("The metric source does not count users, so there is nothing to compare");
        else if (facts.Traffic.IsCanaryIdle)
            text.Append(Idle(facts, "canary", facts.Traffic.CanaryIdleIntervals));
        else if (facts.Traffic.IsStableIdle)
            text.Append(Idle(facts, facts.IsThreeWay ? "baseline arm" : "stable version", facts.Traffic.StableIdleIntervals));
        else if (facts.BaselineRequests is { } known)
            text.Append(Learning(facts, known));
        else if (!facts.HasMinimumRequests)
            text.Append(Say($"The canary has served {facts.CanaryRequests:N0} of at least {facts.Settings.MinimumCanaryRequests:N0} {facts.Units}"));
        else if (facts.IsRegressionProven)
            text.Append(Say($"A regression shows (evidence {facts.HighestFailEvidence:0.0} of {facts.FailThreshold:0.0}), but only {facts.Intervals} of at least {facts.Settings.MinimumIntervals} intervals are counted"));
        else
            text.Append(Unproven(facts));
        return text.Append(Outlook(facts, eta)).Append('.').ToString();
    }

    private static string Learning(AssessmentFacts facts, long known) => known >= facts.Settings.MinimumBaselineRequests
        ? Say($"Learning what is normal: stable has served {known:N0} requests and none of them succeeded, so there is no latency to compare with")
        : Say($"Learning what is normal: {known:N0} of {facts.Settings.MinimumBaselineRequests:N0} stable requests seen");

    private static string Idle(AssessmentFacts facts, string arm, int intervals) => intervals == 1
        ? $"The {arm} got no {facts.Units} in the last interval; a comparison needs traffic in both arms"
        : Say($"The {arm} got no {facts.Units} in the last {intervals:N0} intervals; a comparison needs traffic in both arms");

    private static string Unproven(AssessmentFacts facts)
    {
        var open = facts.Metrics.Where(metric => metric.PassEvidence < facts.PassThreshold).ToArray();
        if (open.Length == 0)
            return "Every metric is proven harmless";
        var weakest = open.MinBy(metric => metric.PassEvidence)!;
        return Say($"Neither a regression (evidence {facts.FailEvidence:0.0} of {facts.FailThreshold:0.0}) nor harmlessness is proven: {open.Length} of {facts.Metrics.Length} metrics are open, least sure is {Compare(weakest, facts)} (evidence {weakest.PassEvidence:0.0} of {facts.PassThreshold:0.0} needed to pass)");
    }

    private static string Outlook(AssessmentFacts facts, TimeSpan? eta)
    {
        if (facts.LacksUsers || facts.Traffic.IsCanaryIdle || facts.Traffic.IsStableIdle || facts.IsRegressionProven)
            return string.Empty;
        return eta is { } time
            ? Say($"; about {Duration(time)} more at {facts.Traffic.Rates.CanaryPerSecond:0.##} canary {facts.Units}/s if the canary is as good as stable")
            : "; no time can be given at the present traffic";
    }

    private static string Compare(MetricEvidence metric, AssessmentFacts facts)
    {
        var what = metric.EdgeSeconds is { } edge ? $"{metric.Metric} (slower than {Seconds(edge)})" : metric.Metric;
        return Say($"{what}: canary {Share(metric.CanaryEvents, metric.CanaryRequests)} of {metric.CanaryRequests:N0} {facts.Units} against {Share(metric.StableEvents, metric.StableRequests)} of {metric.StableRequests:N0} of {facts.Reference}");
    }

    private static string Share(long events, long requests) => Share(requests == 0 ? 0 : (double)events / requests);

    // Two digits after the point are as many as a reader can use; small shares get the digits that tell them from zero.
    private static string Share(double share) => share is > 0 and < 0.001 ? Say($"{share * 100:0.00##} %") : Say($"{share * 100:0.00} %");

    private static string Seconds(double seconds) => seconds < 1 ? Say($"{seconds * 1000:0.##} ms") : Say($"{seconds:0.##} s");

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 2 } => Say($"{time.TotalSeconds:0} s"),
        { TotalHours: < 2 } => Say($"{Math.Ceiling(time.TotalMinutes):0} min"),
        { TotalDays: < 2 } => Say($"{Math.Ceiling(time.TotalHours):0} h"),
        _ => Say($"{Math.Ceiling(time.TotalDays):0} days"),
    };

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
