using Google.Protobuf.Collections;
using MeshCanary.Analysis.Samples;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>
/// Sets the parts of a count against the whole, place by place: each latency bucket, each way to fail, each bucket of
/// those given up. Not thread-safe.
/// </summary>
internal sealed class OutcomeBudget
{
    /// <summary>Far above what an interval can hold, and far below where sums of many reports overflow.</summary>
    public const ulong MostRequests = 1UL << 48;

    private const int FirstGivenUp = LatencyBuckets.Count;
    private const int FirstFailure = 2 * LatencyBuckets.Count;

    private static readonly string[] Failures = ["server errors", "gRPC errors", "connection failures", "timeouts"];

    private readonly ulong[] _left = new ulong[FirstFailure + Failures.Length];

    /// <summary>Begins with the whole. The first fault in it, or null.</summary>
    public string? Begin(Outcomes whole)
    {
        Array.Clear(_left);
        return Visit(whole, (place, count) => (_left[place] += count) > MostRequests ? $"{Name(place)}: {_left[place]} is above {MostRequests}" : null);
    }

    /// <summary>Takes a part away. The first fault in it, or where it is more than what is left, or null.</summary>
    public string? Take(Outcomes part) => Visit(part, (place, count) =>
    {
        if (count > _left[place])
            return $"{Name(place)}: it has {count}, but of the revision's only {_left[place]} are left for it";
        _left[place] -= count;
        return null;
    });

    private static string? Visit(Outcomes outcomes, Func<int, ulong, string?> count)
    {
        ReadOnlySpan<ulong> failures = [outcomes.ServerErrors, outcomes.GrpcErrors, outcomes.ConnectionFailures, outcomes.Timeouts];
        for (var kind = 0; kind < failures.Length; kind++)
        {
            if (count(FirstFailure + kind, failures[kind]) is { } fault)
                return fault;
        }

        return Visit(outcomes.Latency, 0, count) ?? Visit(outcomes.GivenUp, FirstGivenUp, count);
    }

    private static string? Visit(RepeatedField<Wire.BucketCount> buckets, int first, Func<int, ulong, string?> count)
    {
        foreach (var bucket in buckets)
        {
            if (bucket.Bucket > LatencyBuckets.Overflow)
                return $"latency bucket {bucket.Bucket} is outside 0…{LatencyBuckets.Overflow}";
            // Added up they could wrap around to something small.
            if (bucket.Count > MostRequests)
                return $"{Name(first + (int)bucket.Bucket)}: {bucket.Count} is above {MostRequests}";
            if (count(first + (int)bucket.Bucket, bucket.Count) is { } fault)
                return fault;
        }

        return null;
    }

    private static string Name(int place) => place switch
    {
        < FirstGivenUp => $"latency bucket {place}",
        < FirstFailure => $"given-up bucket {place - FirstGivenUp}",
        _ => Failures[place - FirstFailure],
    };
}
