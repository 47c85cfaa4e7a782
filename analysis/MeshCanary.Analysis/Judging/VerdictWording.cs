using System.Text;
using MeshCanary.Analysis.Explaining;
using MeshCanary.Analysis.Judging.Endpoints;

namespace MeshCanary.Analysis.Judging;

/// <summary>Says in one sentence, with numbers, why a verdict is what it is.</summary>
internal static class VerdictWording
{
    public static string Reason(VerdictKind kind, AssessmentFacts facts, TimeSpan? eta) => kind switch
    {
        VerdictKind.Fail when facts.IsBreached => Breached(facts),
        VerdictKind.Fail => Regressed(facts),
        VerdictKind.Invalid when facts.SplitFault is not null => $"The traffic split is broken: {facts.SplitFault}.",
        VerdictKind.Invalid => $"Environment shift: {facts.EnvironmentFault}; the arms differ by more than the version, so nothing is said of it.",
        VerdictKind.Inconclusive => FromOneEndpoint(facts),
        VerdictKind.Pass => Harmless(facts),
        _ => Missing(facts, eta),
    };

    private static string Breached(AssessmentFacts facts) =>
        "Guard breached: " + string.Join("; ", [.. facts.Breaches.Select(Breached), .. facts.CustomBreaches.Select(CustomWording.Of)]) + ".";

    private static string Breached(GuardBreach breach) => breach.Metric == MetricNames.ErrorRate
        ? Say($"errorRate of the canary is {Words.Share(breach.Observed)} of {breach.Requests:N0} requests, the limit is {Words.Share(breach.Limit)}")
        : Say($"{breach.Metric} of the canary is {Words.Latency(breach.Observed)} over {breach.Requests:N0} requests, the limit is {Words.Latency(breach.Limit)}");

    private static string Regressed(AssessmentFacts facts)
    {
        (double Evidence, string Says)[] all =
        [
            .. facts.Metrics.Select(metric => (metric.AdjustedFailEvidence, Compare(metric, facts))),
            .. facts.Custom.Where(metric => metric.Weight > 0).Select(metric => (metric.AdjustedFailEvidence, CustomWording.Compare(metric, facts.Reference))),
        ];
        var culprits = all.Where(metric => metric.Evidence >= facts.FailThreshold).ToArray();
        var together = culprits.Length == 0;
        if (together)
            culprits = [all.MaxBy(metric => metric.Evidence)];
        var text = new StringBuilder(together ? "Several metrics together, most of all " : string.Empty)
            .AppendJoin("; ", culprits.Select(metric => metric.Says));
        return text.Append(Say($"; evidence {Words.Evidence(facts.HighestFailEvidence)} of {facts.FailThreshold:0.0} needed to roll back.")).ToString();
    }

    private static string FromOneEndpoint(AssessmentFacts facts)
    {
        var suspect = facts.Suspect!;
        return Say($"{Regressed(facts)[..^1]}; but it comes from one endpoint, {suspect.Endpoint}: replace it. Without it the evidence is {Words.Evidence(suspect.Without)}, and it is worse than the canary's other endpoints (evidence {Words.Evidence(suspect.Apart)} of {EndpointWatches.ApartThreshold:0.0} needed).");
    }

    private static string Harmless(AssessmentFacts facts)
    {
        var weakest = facts.Metrics.MinBy(metric => metric.PassEvidence)!;
        var custom = facts.Custom.IsEmpty ? "" : Say($", and {facts.Custom.Count(metric => metric.IsProven)} of {facts.Custom.Length} custom ones too");
        return Say($"All {facts.Metrics.Length} metrics are proven within their harm margins after {facts.CanaryRequests:N0} canary {facts.Units}{custom}; the closest, {Compare(weakest, facts)}, has evidence {Words.Evidence(weakest.PassEvidence)} of {facts.PassThreshold:0.0} needed.");
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
            text.Append(Say($"A regression shows (evidence {Words.Evidence(facts.HighestFailEvidence)} of {facts.FailThreshold:0.0}), but only {facts.Intervals} of at least {facts.Settings.MinimumIntervals} intervals are counted"));
        else
            text.Append(Unproven(facts));
        if (facts.Waiting is { } custom && eta is null)
            return (facts.IsRegressionProven || facts.Metrics.All(metric => metric.PassEvidence >= facts.PassThreshold) ? text : text.Append($"; and {CustomWording.Waits(custom)}")).Append('.').ToString();
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
        if (open.Length == 0 && facts.Waiting is { } waiting)
            return $"{CustomWording.Waits(waiting)}{(facts.Custom.Count(metric => metric is { Required: true, IsProven: false }) is > 1 and var more ? $", and {more - 1} more" : "")}; errors and latency are proven harmless";
        if (open.Length == 0)
            return "Every metric is proven harmless";
        var weakest = open.MinBy(metric => metric.PassEvidence)!;
        return Say($"Neither a regression (evidence {Words.Evidence(facts.FailEvidence)} of {facts.FailThreshold:0.0}) nor harmlessness is proven: {open.Length} of {facts.Metrics.Length} metrics are open, least sure is {Compare(weakest, facts)} (evidence {Words.Evidence(weakest.PassEvidence)} of {facts.PassThreshold:0.0} needed to pass)");
    }

    private static string Outlook(AssessmentFacts facts, TimeSpan? eta)
    {
        if (facts.LacksUsers || facts.Traffic.IsCanaryIdle || facts.Traffic.IsStableIdle || facts.IsRegressionProven)
            return string.Empty;
        return eta is { } time
            ? Say($"; about {Words.Duration(time)} more at {facts.Traffic.Rates.CanaryPerSecond:0.##} canary {facts.Units}/s if the canary is as good as stable")
            : "; no time can be given at the present traffic";
    }

    private static string Compare(MetricEvidence metric, AssessmentFacts facts)
    {
        var what = metric.EdgeSeconds is { } edge ? $"{metric.Metric} (slower than {Words.Latency(edge)})" : metric.Metric;
        return Say($"{what}: canary {Share(metric.CanaryEvents, metric.CanaryRequests)} of {metric.CanaryRequests:N0} {facts.Units} against {Share(metric.StableEvents, metric.StableRequests)} of {metric.StableRequests:N0} of {facts.Reference}");
    }

    private static string Share(long events, long requests) => Words.Share(requests == 0 ? 0 : (double)events / requests);

    private static string Say(FormattableString text) => Words.Say(text);
}
