using System.Collections.Immutable;

namespace MeshCanary.Analysis.Judging;

/// <summary>Everything that a run's analysis is set to; fixed for the run. Rates and shares are 0…1.</summary>
public sealed record AnalysisSettings
{
    /// <summary>Probability of rolling back a canary within tolerance, over the whole run, however often it looks.</summary>
    public double FalseRollbackRate { get; init; } = 0.01;

    /// <summary>Probability of passing a canary at or beyond a harm margin.</summary>
    public double FalsePromotionRate { get; init; } = 0.05;

    /// <summary>FAIL margin of errors, absolute: a in p_c ≤ a + (1+r)·p_b.</summary>
    public double ErrorToleranceAbsolute { get; init; } = 0.0005;

    /// <summary>FAIL margin of errors, relative: r in p_c ≤ a + (1+r)·p_b.</summary>
    public double ErrorToleranceRelative { get; init; } = 0.10;

    /// <summary>PASS margin of errors, absolute; above <see cref="ErrorToleranceAbsolute"/>.</summary>
    public double ErrorHarmAbsolute { get; init; } = 0.005;

    /// <summary>PASS margin of errors, relative.</summary>
    public double ErrorHarmRelative { get; init; }

    /// <summary>Percentiles whose edges are compared, each inside (0, 100), increasing.</summary>
    public ImmutableArray<double> LatencyPercentiles { get; init; } = [50, 90, 99];

    /// <summary>FAIL margin of latency in buckets: 1 is a factor of 1.044.</summary>
    public int LatencyToleranceBuckets { get; init; } = 1;

    /// <summary>PASS margin of latency in buckets, above the tolerance: 4 is a factor of 1.189.</summary>
    public int LatencyHarmBuckets { get; init; } = 4;

    /// <summary>Overdispersion φ ≥ 1 that divides the log evidence of errors; 1 for independent requests.</summary>
    public double ErrorOverdispersion { get; init; } = 1;

    /// <summary>Overdispersion φ ≥ 1 that divides the log evidence of latency.</summary>
    public double LatencyOverdispersion { get; init; } = 1;

    /// <summary>Intervals the start-time mixture is spread over (the longest planned run).</summary>
    public int PlannedIntervals { get; init; } = 360;

    /// <summary>Counted intervals before the sequential test may fail the canary (guards do not wait).</summary>
    public int MinimumIntervals { get; init; } = 3;

    /// <summary>Counted requests of the canary before any verdict but NotEnoughData (guards do not wait).</summary>
    public long MinimumCanaryRequests { get; init; } = 100;

    /// <summary>Stable requests needed before latency edges and the error prior are frozen.</summary>
    public long MinimumBaselineRequests { get; init; } = 200;

    /// <summary>False alarm rate of the sample-ratio test.</summary>
    public double SampleRatioAlpha { get; init; } = 1e-4;

    /// <summary>Absolute limits.</summary>
    public ImmutableArray<Guard> Guards { get; init; } = [];

    /// <summary>Everything that is wrong with these settings; empty when an engine can work with them.</summary>
    public ImmutableArray<SettingProblem> Validate() => SettingsCheck.Run(this);
}
