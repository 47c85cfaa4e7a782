using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// State of a <see cref="CalibrationHistory"/>: kept with the service, not with a run. Plain finite numbers, so JSON
/// brings it back bit for bit; some kilobytes for a few endpoints, at most some tens.
/// </summary>
public sealed record CalibrationState
{
    /// <summary>The layout that this version of the engine writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Layout of this state.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>End of the newest interval (UTC); null before the first.</summary>
    public DateTimeOffset? LastEnd { get; init; }

    /// <summary>End of the newest block in which both halves served requests (UTC).</summary>
    public DateTimeOffset? ComparedAt { get; init; }

    /// <summary>Intervals in a row in which there were no two halves.</summary>
    public long UnsplitIntervals { get; init; }

    /// <summary>Failed requests of stable on the newest day.</summary>
    public long Errors { get; init; }

    /// <summary>Latencies of stable's successful requests on the newest day.</summary>
    public LatencyHistogram Latency { get; init; } = LatencyHistogram.Empty;

    /// <summary>The days before the newest, oldest first.</summary>
    public required ImmutableArray<CalibrationDay> Days { get; init; }

    /// <summary>The metrics: errors, then latency by percentile.</summary>
    public required ImmutableArray<MetricHistoryState> Metrics { get; init; }

    /// <summary>The halves.</summary>
    public required ImmutableArray<PlacedEndpoint> Endpoints { get; init; }
}
