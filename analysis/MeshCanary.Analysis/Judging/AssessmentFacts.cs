using System.Collections.Immutable;

namespace MeshCanary.Analysis.Judging;

/// <summary>All that a verdict is concluded from.</summary>
internal sealed record AssessmentFacts
{
    public required AnalysisSettings Settings { get; init; }

    public required ImmutableArray<MetricEvidence> Metrics { get; init; }

    public required ImmutableArray<GuardBreach> Breaches { get; init; }

    public required string? SplitFault { get; init; }

    public required double SampleRatioEvidence { get; init; }

    public required double FailEvidence { get; init; }

    public required double HighestFailEvidence { get; init; }

    public required int Intervals { get; init; }

    public required long CanaryRequests { get; init; }

    public required long StableRequests { get; init; }

    /// <summary>Stable requests that the baseline has while it still learns; null when it is frozen.</summary>
    public required long? BaselineRequests { get; init; }

    public required TrafficMeter Traffic { get; init; }

    public double FailThreshold => -Math.Log(Settings.FalseRollbackRate);

    public double PassThreshold => -Math.Log(Settings.FalsePromotionRate);

    public bool HasMinimumRequests => CanaryRequests >= Settings.MinimumCanaryRequests;

    public bool IsRegressionProven => HighestFailEvidence >= FailThreshold;

    public bool IsHarmlessProven => Metrics.All(metric => metric.PassEvidence >= PassThreshold);
}
