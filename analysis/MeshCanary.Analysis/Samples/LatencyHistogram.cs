using System.Collections.Immutable;

namespace MeshCanary.Analysis.Samples;

/// <summary>
/// Latencies of successful requests of one arm, counted per bucket of <see cref="LatencyBuckets"/>. Immutable.
/// </summary>
public sealed record LatencyHistogram
{
    /// <summary>The histogram without a single request.</summary>
    public static LatencyHistogram Empty { get; } = new(ImmutableSortedDictionary<int, long>.Empty);

    /// <summary>Takes non-negative counts by bucket index; absent buckets are zero.</summary>
    /// <exception cref="ArgumentException">An index is outside the layout or a count is negative.</exception>
    public LatencyHistogram(ImmutableSortedDictionary<int, long> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        foreach (var (index, count) in counts)
        {
            if (index is < 0 or > LatencyBuckets.Overflow)
                throw new ArgumentException($"Bucket {index} is outside 0…{LatencyBuckets.Overflow}.", nameof(counts));
            if (count < 0)
                throw new ArgumentException($"Bucket {index} holds a negative count ({count}).", nameof(counts));
            Total += count;
        }

        Counts = counts;
    }

    /// <summary>Counts by bucket index.</summary>
    public ImmutableSortedDictionary<int, long> Counts { get; }

    /// <summary>Number of successful requests.</summary>
    public long Total { get; }
}
