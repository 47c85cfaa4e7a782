using Google.Protobuf.Collections;
using MeshCanary.Analysis.Samples;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>Adds up what one revision served in one window. Not thread-safe.</summary>
internal sealed class RevisionTally
{
    private readonly long[] _latency = new long[LatencyBuckets.Count];
    private readonly long[] _givenUp = new long[LatencyBuckets.Count];
    private long _errors;

    /// <summary>Adds a report's counts.</summary>
    public void Add(Wire.RevisionCounts served)
    {
        Add(served.Latency, _latency);
        Add(served.GivenUp, _givenUp);
        _errors += (long)(served.ServerErrors + served.GrpcErrors + served.ConnectionFailures + served.Timeouts);
    }

    /// <summary>The sums.</summary>
    public ArmCounts Close() => new()
    {
        Errors = _errors,
        Latency = LatencyHistogram.FromCounts(_latency),
        GivenUp = LatencyHistogram.FromCounts(_givenUp),
    };

    private static void Add(RepeatedField<Wire.BucketCount> counts, long[] sums)
    {
        foreach (var bucket in counts)
            sums[(int)bucket.Bucket] += (long)bucket.Count;
    }
}
