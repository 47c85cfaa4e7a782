using System.Collections.Immutable;

namespace MeshCanary.Analysis.Samples.Prometheus;

/// <summary>
/// Carries buckets of another layout over to <see cref="LatencyBuckets"/> without inventing anything: a foreign bucket is never
/// divided, it goes as a whole into the bucket that its upper bound belongs to. For a foreign bound b the requests above
/// bucket <see cref="BucketOf"/>(b) are then exactly those above b (or above the largest foreign bound in the same bucket), in both arms alike.
/// </summary>
public static class ForeignLayout
{
    /// <summary>The bucket that stands for an upper bound in seconds; bounds at or below zero stand in the first.</summary>
    /// <exception cref="ArgumentException">The bound is NaN.</exception>
    public static int BucketOf(double seconds)
    {
        if (double.IsNaN(seconds))
            throw new ArgumentException("A bucket's bound is not a number.", nameof(seconds));
        return LatencyBuckets.IndexOf(Math.Max(0, seconds));
    }

    /// <summary>The finite bounds in seconds that may serve as edges, rising, one per bucket of ours: the largest in it.</summary>
    public static ImmutableArray<double> Edges(IEnumerable<double> seconds) =>
    [
        .. seconds.Where(bound => bound > 0 && double.IsFinite(bound) && BucketOf(bound) <= LatencyBuckets.LastFinite)
            .GroupBy(BucketOf).Select(inside => inside.Max()).Order(),
    ];

    /// <summary>Whole counts from readings that a server may have stored as fractions.</summary>
    internal static LatencyHistogram Round(ReadOnlySpan<double> counts)
    {
        // Rounds the running sum, so that nothing is lost on the way.
        Span<long> whole = stackalloc long[LatencyBuckets.Count];
        var (sum, placed) = (0.0, 0L);
        for (var i = 0; i < counts.Length; i++)
        {
            sum += counts[i];
            var upTo = (long)Math.Round(sum);
            whole[i] = upTo - placed;
            placed = upTo;
        }

        return LatencyHistogram.FromCounts(whole);
    }
}
