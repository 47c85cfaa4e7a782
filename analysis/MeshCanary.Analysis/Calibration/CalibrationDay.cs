using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Calibration;

/// <summary>What one day (UTC) that is over has left in a <see cref="CalibrationHistory"/>.</summary>
public sealed record CalibrationDay
{
    /// <summary>The day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Failed requests of stable.</summary>
    public required long Errors { get; init; }

    /// <summary>Latencies of stable's successful requests.</summary>
    public required LatencyHistogram Latency { get; init; }

    /// <summary>Batches closed on that day by metric.</summary>
    public required ImmutableSortedDictionary<string, PhiSums> Metrics { get; init; }
}
