using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// What is known of a service's own noise when a run begins, frozen for that run: overdispersion per metric, and what
/// stable looked like lately, from which latency edges and priors are chosen. Immutable.
/// </summary>
public sealed record CalibrationProfile
{
    /// <summary>How far to trust it.</summary>
    public required CalibrationStanding Standing { get; init; }

    /// <summary>Why it is not fresh, in one plain sentence with numbers; null when it is.</summary>
    public string? Reason { get; init; }

    /// <summary>End of the newest block (UTC); null without any.</summary>
    public DateTimeOffset? MeasuredAt { get; init; }

    /// <summary>Overdispersion by metric; empty without history.</summary>
    public required ImmutableArray<MetricCalibration> Metrics { get; init; }

    /// <summary>Failed requests of stable in the history.</summary>
    public long StableErrors { get; init; }

    /// <summary>Latencies of stable's successful requests in the history.</summary>
    public LatencyHistogram StableLatency { get; init; } = LatencyHistogram.Empty;
}
