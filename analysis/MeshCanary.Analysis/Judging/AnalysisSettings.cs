using System.Collections.Immutable;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Kayenta;

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

    /// <summary>
    /// Upper boundaries in seconds of the buckets that the metric source counts latency in, rising; only these are exact
    /// then, and edges are placed on those up to 120 s (a factor is rounded so that no test becomes easier than asked).
    /// Empty for a source that counts by <see cref="Samples.LatencyBuckets"/>, as MeshCanary's proxies do.
    /// </summary>
    public ImmutableArray<double> LatencyBoundaries { get; init; } = [];

    /// <summary>What is compared: requests, or users.</summary>
    public ComparisonUnit Unit { get; init; } = ComparisonUnit.Requests;

    /// <summary>
    /// Judges by Kayenta's rules in place of the sequential tests; null (the default) for the sequential tests. Guards, the
    /// sample-ratio test and <see cref="MinimumCanaryRequests"/> hold all the same.
    /// </summary>
    public KayentaSettings? Kayenta { get; init; }

    /// <summary>
    /// Overdispersion φ ≥ 1 that divides the log evidence of errors; 1 for independent requests. Null (the default) takes
    /// it from <see cref="Calibration"/>, or learns it in the run.
    /// </summary>
    public double? ErrorOverdispersion { get; init; }

    /// <summary>Overdispersion φ ≥ 1 that divides the log evidence of latency; null as above.</summary>
    public double? LatencyOverdispersion { get; init; }

    /// <summary>What was known of the service's own noise when the run began; null when nobody looked.</summary>
    public CalibrationProfile? Calibration { get; init; }

    /// <summary>Intervals the start-time mixture is spread over (the longest planned run).</summary>
    public int PlannedIntervals { get; init; } = 360;

    /// <summary>Counted intervals before the sequential test may fail the canary (guards do not wait).</summary>
    public int MinimumIntervals { get; init; } = 2;

    /// <summary>Counted requests (or users) of the canary before any verdict but NotEnoughData (guards do not wait).</summary>
    public long MinimumCanaryRequests { get; init; } = 100;

    /// <summary>Stable requests needed before latency edges and the error prior are frozen.</summary>
    public long MinimumBaselineRequests { get; init; } = 200;

    /// <summary>False alarm rate of the sample-ratio test.</summary>
    public double SampleRatioAlpha { get; init; } = 1e-4;

    /// <summary>
    /// In a three-way rollout: time after the baseline arm's first request before it is compared with stable. Five time
    /// constants of a pod that warms up within minutes; the canary is compared with the baseline arm from the start.
    /// </summary>
    public TimeSpan EnvironmentSettling { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Absolute limits.</summary>
    public ImmutableArray<Guard> Guards { get; init; } = [];

    /// <summary>Metrics of other sources; their answers come with the intervals.</summary>
    public ImmutableArray<CustomMetric> Metrics { get; init; } = [];

    /// <summary>Everything that is wrong with these settings; empty when an engine can work with them.</summary>
    public ImmutableArray<SettingProblem> Validate() => SettingsCheck.Run(this);
}
