using System.Collections.Immutable;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Baking;
using MeshCanary.Controller.Metrics.Templates;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Metrics;

/// <summary>
/// Where the analysis of a run stands, with the settings it began with: a changed spec is for the next run. Immutable;
/// kept with the status, so that a restart spends no error budget twice.
/// </summary>
internal sealed record RunAnalysis
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>What the judge is set to.</summary>
    public required AnalysisSettings Settings { get; init; }

    /// <summary>Where its counts come from.</summary>
    public SourceSpec Source { get; init; } = new();

    /// <summary>Length of an interval.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Start of the first interval.</summary>
    public required DateTimeOffset Anchor { get; init; }

    /// <summary>End of the last interval that is in here.</summary>
    public required DateTimeOffset CountedThrough { get; init; }

    /// <summary>Number of the last interval.</summary>
    public int Intervals { get; init; }

    /// <summary>The judge; null before the first interval.</summary>
    public JudgeState? Judge { get; init; }

    /// <summary>The verdict on all intervals so far; null before the first.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>The acknowledgement that <see cref="StepCanaryRequests"/> counts from; null before it.</summary>
    public DateTimeOffset? StepAcknowledgedAt { get; init; }

    /// <summary>Canary requests since the present step's weight was acknowledged.</summary>
    public long StepCanaryRequests { get; init; }

    /// <summary>Copies that the canary got in this run; null while nothing was mirrored.</summary>
    public MirrorFigures? Mirrored { get; init; }

    /// <summary>The custom metrics, each with the query that it is asked by for the whole run.</summary>
    public ImmutableArray<RunMetric> Metrics { get; init; } = [];

    /// <summary>The newest span of each custom metric that is in here.</summary>
    public ImmutableArray<AskedSpan> Asked { get; init; } = [];

    /// <summary>Intervals that a bake takes.</summary>
    public long BakeIntervals { get; init; }

    /// <summary>What the promoted revision is watched by; null before the bake.</summary>
    public BakePlan? BakePlan { get; init; }

    /// <summary>The watch over the promoted revision; null before the bake.</summary>
    public BakeState? BakeState { get; init; }

    /// <summary>How the promoted revision does; null before the bake.</summary>
    public BakeAssessment? Bake { get; init; }

    /// <summary>The analysis of a run that begins, with what is known of the service's noise by then.</summary>
    public static RunAnalysis Begin(Run run, CanarySpec spec, CalibrationProfile profile) => new()
    {
        RunId = run.Id,
        Settings = Calibrated(spec.Analysis.Settings, profile),
        Source = spec.Analysis.Source,
        Interval = spec.Analysis.Interval,
        Metrics = RunMetric.Of(spec.Analysis),
        BakeIntervals = spec.BakeTime.Ticks / spec.Analysis.Interval.Ticks,
        Anchor = run.StartedAt,
        CountedThrough = run.StartedAt,
    };

    // Noise that a person gave is not looked up.
    private static AnalysisSettings Calibrated(AnalysisSettings settings, CalibrationProfile profile) =>
        settings is { ErrorOverdispersion: not null, LatencyOverdispersion: not null }
            ? settings
            : settings with
            {
                Calibration = profile with
                {
                    Metrics = [.. profile.Metrics.Where(metric => (metric.Metric == MetricNames.Errors ? settings.ErrorOverdispersion : settings.LatencyOverdispersion) is null)],
                },
            };

    /// <summary>
    /// The same with the boundaries that the source counts latencies at. They are settled with the first windows, since a source may not know them
    /// before, and hold for the run.
    /// </summary>
    public RunAnalysis At(ImmutableArray<double> boundaries) =>
        Judge is not null || Settings.LatencyBoundaries.AsSpan().SequenceEqual(boundaries.AsSpan())
            ? this
            : this with { Settings = Settings with { LatencyBoundaries = boundaries } };

    /// <summary>What is to be collected for it.</summary>
    public CollectionPlan Collect(ImmutableDictionary<string, long> folded) => new()
    {
        Id = RunId,
        Anchor = Anchor,
        Interval = Interval,
        CountedThrough = CountedThrough,
        Held = true,
        LatencyBoundaries = Settings.LatencyBoundaries,
        Folded = folded,
    };
}
