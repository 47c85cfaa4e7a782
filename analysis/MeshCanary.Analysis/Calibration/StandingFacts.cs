using System.Collections.Immutable;

namespace MeshCanary.Analysis.Calibration;

/// <summary>What the standing of a calibration is told from.</summary>
internal readonly record struct StandingFacts(
    DateTimeOffset? LastEnd,
    DateTimeOffset? ComparedAt,
    DateTimeOffset Now,
    ImmutableArray<MetricCalibration> Metrics,
    SplitObstacle Obstacle,
    long UnsplitIntervals);
