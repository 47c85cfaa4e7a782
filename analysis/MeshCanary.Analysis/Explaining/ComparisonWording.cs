using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Explaining;

/// <summary>What was compared.</summary>
internal static class ComparisonWording
{
    public static IEnumerable<string> Of(Verdict verdict, AnalysisSettings settings)
    {
        if (verdict.Metrics.IsEmpty)
            yield break;
        var units = settings.Unit == ComparisonUnit.Users ? "users" : "requests";
        if (verdict.Intervals == 0)
        {
            yield return $"Nothing is compared yet: no interval after the warm-up is complete.";
            yield break;
        }

        yield return Words.Say($"Compared are {verdict.CanaryRequests:N0} {units} of the canary with {verdict.StableRequests:N0} that the present version served at the same time, interval by interval ({verdict.Intervals:N0} after the warm-up), so that what happens to both arms at once cancels.");
    }
}
