using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Samples;

/// <summary>
/// What one arm served in one interval. Every finished request is in exactly one place: in <see cref="Errors"/> when
/// it failed (5xx, a failing gRPC status, connection failure, timeout), in <see cref="Latency"/> when it did not.
/// A request that the client gave up is in neither, but in <see cref="GivenUp"/>: nobody knows how it would have ended,
/// only that it had taken so long.
/// </summary>
public sealed record ArmCounts
{
    /// <summary>An arm that served nothing.</summary>
    public static ArmCounts None { get; } = new() { Errors = 0, Latency = LatencyHistogram.Empty };

    /// <summary>Failed requests.</summary>
    public required long Errors { get; init; }

    /// <summary>Latencies of the requests that did not fail.</summary>
    public required LatencyHistogram Latency { get; init; }

    /// <summary>
    /// Requests that the client gave up, by how long they had taken by then. For an edge below that time they are known
    /// to be slow, and count so; a version that hangs shows nowhere else.
    /// </summary>
    public LatencyHistogram GivenUp { get; init; } = LatencyHistogram.Empty;

    /// <summary>All finished requests; those given up are not among them.</summary>
    [JsonIgnore]
    public long Requests => Errors + Latency.Total;

    /// <summary>All requests that came to an end, also those given up.</summary>
    [JsonIgnore]
    public long Attempts => Requests + GivenUp.Total;

    /// <summary>Both counts together.</summary>
    public ArmCounts Merge(ArmCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ArmCounts
        {
            Errors = Errors + other.Errors,
            Latency = Latency.Merge(other.Latency),
            GivenUp = GivenUp.Merge(other.GivenUp),
        };
    }
}
