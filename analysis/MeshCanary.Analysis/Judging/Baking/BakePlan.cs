using System.Collections.Immutable;
using MeshCanary.Analysis.Judging.Edges;

namespace MeshCanary.Analysis.Judging.Baking;

/// <summary>What a bake is watched by, frozen when it begins. Immutable.</summary>
public sealed record BakePlan
{
    private const int MostIntervals = 1_000_000;

    /// <summary>Intervals that the bake takes, 1 to 1,000,000.</summary>
    public required int PlannedIntervals { get; init; }

    /// <summary>The baseline of the run, which determines its edges; null without one.</summary>
    public BaselineState? Baseline { get; init; }

    /// <summary>The references by metric, in the order of the judge; empty when there is nothing to hold the version against, and only guards watch.</summary>
    public ImmutableArray<BakeReference> References { get; init; } = [];

    /// <summary>
    /// The plan after a run. Guards alone watch when the run compared users (the bake has no second arm that users could be drawn
    /// between, and requests are no users), when another judge than the sequential one judged it, or when it was promoted before
    /// its baseline was known.
    /// </summary>
    /// <param name="settings">The run's settings.</param>
    /// <param name="judge">The judge at the end of the run; null when there is none.</param>
    /// <param name="verdict">Its verdict then; null when there is none.</param>
    /// <param name="plannedIntervals">Intervals that the bake takes; kept within 1 and 1,000,000.</param>
    public static BakePlan Of(AnalysisSettings settings, JudgeState? judge, Verdict? verdict, long plannedIntervals)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var plan = new BakePlan { PlannedIntervals = (int)Math.Clamp(plannedIntervals, 1, MostIntervals) };
        if (settings.Unit == ComparisonUnit.Users || judge is not { Baseline.IsFrozen: true } || verdict is null || verdict.Metrics.Length != judge.Streams.Length)
            return plan;
        return plan with
        {
            Baseline = judge.Baseline,
            References = [.. judge.Streams.Zip(verdict.Metrics, (stream, metric) => new BakeReference(stream.Metric, stream.CanaryRequests, stream.CanaryEvents, metric.Overdispersion))],
        };
    }
}
