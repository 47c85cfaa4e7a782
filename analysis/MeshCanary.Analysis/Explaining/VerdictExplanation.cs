using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Explaining;

/// <summary>
/// Turns a verdict into plain sentences with numbers: what was decided and why, what was compared, the effect on every metric
/// with its interval and its evidence against both thresholds, what would change the decision and when, and what limits it.
/// Pure; everything it says stands in the verdict and the settings.
/// </summary>
public static class VerdictExplanation
{
    /// <summary>The sentences in the order in which they are read; the first is the verdict's own reason.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="settings">What the run was judged with.</param>
    public static ImmutableArray<string> Of(Verdict verdict, AnalysisSettings settings)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(settings);
        return
        [
            verdict.Reason,
            .. ComparisonWording.Of(verdict, settings),
            .. verdict.Metrics.Select(metric => MetricWording.Of(metric, verdict, settings)),
            .. (verdict.Custom ?? []).Select(metric => CustomWording.Of(metric, verdict)),
            .. OutlookWording.Of(verdict, settings),
            .. verdict.Caveats,
        ];
    }
}
