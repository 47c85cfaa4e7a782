using MeshCanary.Analysis.Judging.Streams;

namespace MeshCanary.Analysis.Judging;

/// <summary>When a canary that is as good as stable will be proven harmless.</summary>
internal static class PassForecast
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>
    /// Time at the present rate of traffic until every minimum and every PASS test is met; null when nothing is missing,
    /// when an arm has no traffic, or when it is longer than a month (which is as good as never).
    /// </summary>
    public static TimeSpan? Eta(AssessmentFacts facts, MetricStream[] streams)
    {
        var rates = facts.Traffic.Rates;
        if (!rates.Flow || facts.Traffic.IsCanaryIdle || facts.Traffic.IsStableIdle)
            return null;
        var seconds = 0.0;
        if (facts.BaselineRequests is { } known)
            seconds += Math.Max(0, facts.Settings.MinimumBaselineRequests - known) / rates.StablePerSecond;
        var requests = 0.0;
        foreach (var stream in streams)
        {
            if (stream.PassEvidence < facts.PassThreshold)
                requests = Math.Max(requests, stream.ExpectedCanaryRequests(facts.PassThreshold, rates.StablePerCanary));
        }

        seconds = Math.Max(seconds + (requests / rates.CanaryPerSecond),
            (facts.Settings.MinimumCanaryRequests - facts.CanaryRequests) / rates.CanaryPerSecond);
        return seconds > 0 && seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(seconds))) : null;
    }
}
