using Google.Protobuf.Collections;
using MeshCanary.Analysis.Samples;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>Adds up how requests ended. Not thread-safe.</summary>
internal sealed class ArmTally
{
    private readonly long[] _latency = new long[LatencyBuckets.Count];
    private readonly long[] _givenUp = new long[LatencyBuckets.Count];
    private long _errors;

    /// <summary>Adds a report's counts.</summary>
    public void Add(Outcomes outcomes)
    {
        Add(outcomes.Latency, _latency);
        Add(outcomes.GivenUp, _givenUp);
        _errors += (long)outcomes.Errors;
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
