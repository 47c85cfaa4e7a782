using Google.Protobuf.Collections;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>How requests ended, wherever the protocol has it.</summary>
/// <param name="Latency">Those that did not fail.</param>
/// <param name="GivenUp">Those that the client gave up.</param>
/// <param name="ServerErrors">Failed: 5xx.</param>
/// <param name="GrpcErrors">Failed: by their gRPC status.</param>
/// <param name="ConnectionFailures">Failed: no connection, or broken off.</param>
/// <param name="Timeouts">Failed: silence.</param>
internal readonly record struct Outcomes(
    RepeatedField<Wire.BucketCount> Latency,
    RepeatedField<Wire.BucketCount> GivenUp,
    ulong ServerErrors,
    ulong GrpcErrors,
    ulong ConnectionFailures,
    ulong Timeouts)
{
    /// <summary>All that failed.</summary>
    public ulong Errors => ServerErrors + GrpcErrors + ConnectionFailures + Timeouts;

    /// <summary>Those of a revision.</summary>
    public static Outcomes Of(Wire.RevisionCounts counts) => new(
        counts.Latency, counts.GivenUp, counts.ServerErrors, counts.GrpcErrors, counts.ConnectionFailures, counts.Timeouts);

    /// <summary>Those of an endpoint, or of users.</summary>
    public static Outcomes Of(Wire.OutcomeCounts counts) => new(
        counts.Latency, counts.GivenUp, counts.ServerErrors, counts.GrpcErrors, counts.ConnectionFailures, counts.Timeouts);
}
