using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Samples;

/// <summary>
/// What one arm served in one interval. Every finished request is in exactly one place: in <see cref="Errors"/> when
/// it failed (5xx, a failing gRPC status, connection failure, timeout), in <see cref="Latency"/> when it did not.
/// Requests that the client gave up are in neither.
/// </summary>
public sealed record ArmCounts
{
    /// <summary>An arm that served nothing.</summary>
    public static ArmCounts None { get; } = new() { Errors = 0, Latency = LatencyHistogram.Empty };

    /// <summary>Failed requests.</summary>
    public required long Errors { get; init; }

    /// <summary>Latencies of the requests that did not fail.</summary>
    public required LatencyHistogram Latency { get; init; }

    /// <summary>All finished requests.</summary>
    [JsonIgnore]
    public long Requests => Errors + Latency.Total;

    /// <summary>Both counts together.</summary>
    public ArmCounts Merge(ArmCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ArmCounts { Errors = Errors + other.Errors, Latency = Latency.Merge(other.Latency) };
    }
}
