using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Samples;

/// <summary>
/// Latencies of successful requests of one arm, counted per bucket of <see cref="LatencyBuckets"/>. Immutable, equal
/// by value, and in JSON an object of counts by bucket index.
/// </summary>
[JsonConverter(typeof(LatencyHistogramConverter))]
public sealed record LatencyHistogram
{
    private readonly int[] _buckets;
    private readonly long[] _upTo;
    private ImmutableSortedDictionary<int, long>? _counts;

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
        }

        // The key order of the layout, whatever comparer the dictionary was made with.
        var filled = counts.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key).ToArray();
        _buckets = Array.ConvertAll(filled, pair => pair.Key);
        _upTo = RunningSum(Array.ConvertAll(filled, pair => pair.Value), nameof(counts));
        _counts = filled.Length == counts.Count ? counts : null;
    }

    private LatencyHistogram(int[] buckets, long[] counts, string parameter)
    {
        _buckets = buckets;
        _upTo = RunningSum(counts, parameter);
    }

    /// <summary>Takes one count for every bucket of the layout, or for its first buckets.</summary>
    /// <exception cref="ArgumentException">More counts than buckets, or a negative count.</exception>
    public static LatencyHistogram FromCounts(ReadOnlySpan<long> counts)
    {
        if (counts.Length > LatencyBuckets.Count)
            throw new ArgumentException($"{counts.Length} counts for {LatencyBuckets.Count} buckets.", nameof(counts));
        var filled = 0;
        for (var index = 0; index < counts.Length; index++)
        {
            if (counts[index] < 0)
                throw new ArgumentException($"Bucket {index} holds a negative count ({counts[index]}).", nameof(counts));
            filled += counts[index] > 0 ? 1 : 0;
        }

        var buckets = new int[filled];
        var values = new long[filled];
        for (int index = 0, next = 0; index < counts.Length; index++)
        {
            if (counts[index] == 0)
                continue;
            buckets[next] = index;
            values[next++] = counts[index];
        }

        return new LatencyHistogram(buckets, values, nameof(counts));
    }

    /// <summary>Counts by bucket index; only buckets that hold a request.</summary>
    public ImmutableSortedDictionary<int, long> Counts => _counts ??= Enumerable.Range(0, _buckets.Length)
        .ToImmutableSortedDictionary(place => _buckets[place], CountAt);

    /// <summary>Number of successful requests.</summary>
    public long Total => _upTo.Length == 0 ? 0 : _upTo[^1];

    /// <summary>Requests slower than the upper edge of a bucket: those in the buckets after it.</summary>
    public long CountAbove(int bucket)
    {
        var place = Array.BinarySearch(_buckets, bucket);
        if (place < 0)
            place = ~place - 1;
        return place < 0 ? Total : Total - _upTo[place];
    }

    /// <summary>The bucket that holds the <paramref name="share"/> quantile (0…1), or null without requests.</summary>
    public int? QuantileBucket(double share)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A quantile is a share from 0 to 1.");
        if (Total == 0)
            return null;
        var rank = Math.Clamp((long)Math.Ceiling(share * Total), 1, Total);
        var place = Array.BinarySearch(_upTo, rank);
        return _buckets[place < 0 ? ~place : place];
    }

    /// <summary>
    /// The <paramref name="share"/> quantile (0…1) in seconds as the upper edge of the bucket that holds it: never
    /// below the true order statistic and at most 4.43 % above it (0.25 ms in the first bucket). Null without
    /// requests, positive infinity in the overflow bucket.
    /// </summary>
    public double? Quantile(double share) => QuantileBucket(share) is { } bucket ? LatencyBuckets.UpperEdgeSeconds(bucket) : null;

    /// <summary>
    /// The <paramref name="share"/> quantile (0…1) in seconds with the limits of its bucket: linear inside it, as the bucket is
    /// narrow. In the overflow bucket its lower edge, 120 s, is all that is known. Null without requests.
    /// </summary>
    public QuantileEstimate? EstimateQuantile(double share)
    {
        if (QuantileBucket(share) is not { } bucket)
            return null;
        var (low, high) = (bucket == 0 ? 0 : LatencyBuckets.UpperEdgeSeconds(bucket - 1), LatencyBuckets.UpperEdgeSeconds(bucket));
        if (double.IsPositiveInfinity(high))
            return new QuantileEstimate(low, low, high);
        var above = CountAbove(bucket);
        var inside = Total - above - (bucket == 0 ? 0 : Total - CountAbove(bucket - 1));
        var rank = Math.Clamp((share * Total) - (Total - above - inside), 0, inside);
        return new QuantileEstimate(low + ((high - low) * (rank / inside)), low, high);
    }

    /// <summary>
    /// The same with limits for the quantile of what the requests are a sample of: bucket and chance together
    /// (Woodruff 1952 with Wilson's limits). For display, one look.
    /// </summary>
    /// <param name="share">The quantile, 0…1.</param>
    /// <param name="confidence">Two-sided confidence, inside (0, 1).</param>
    public QuantileEstimate? EstimateQuantile(double share, double confidence)
    {
        if (EstimateQuantile(share) is not { } estimate)
            return null;
        var (low, high) = QuantileRank.Limits(share, Total, QuantileRank.Deviations(confidence));
        return new QuantileEstimate(estimate.Value, EstimateQuantile(low)!.Value.Low, EstimateQuantile(high)!.Value.High);
    }

    /// <summary>
    /// What came since an earlier reading of the same counters. When any bucket fell, they were reset in between, and everything
    /// that they show now came since.
    /// </summary>
    public LatencyHistogram Since(LatencyHistogram earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        Span<long> now = stackalloc long[LatencyBuckets.Count];
        AddTo(now);
        for (var place = 0; place < earlier._buckets.Length; place++)
        {
            now[earlier._buckets[place]] -= earlier.CountAt(place);
            if (now[earlier._buckets[place]] < 0)
                return this;
        }

        return FromCounts(now);
    }

    /// <summary>Both histograms together.</summary>
    public LatencyHistogram Merge(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Total == 0)
            return this;
        if (Total == 0)
            return other;
        Span<long> sum = stackalloc long[LatencyBuckets.Count];
        AddTo(sum);
        other.AddTo(sum);
        return FromCounts(sum);
    }

    /// <summary>Adds every count to the one of its bucket in <paramref name="counts"/> (<see cref="LatencyBuckets.Count"/> long).</summary>
    public void AddTo(Span<long> counts)
    {
        for (var place = 0; place < _buckets.Length; place++)
            counts[_buckets[place]] += CountAt(place);
    }

    /// <inheritdoc/>
    public bool Equals(LatencyHistogram? other) =>
        other is not null && _buckets.AsSpan().SequenceEqual(other._buckets) && _upTo.AsSpan().SequenceEqual(other._upTo);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_buckets.Length, Total, _buckets.Length == 0 ? 0 : _buckets[0]);

    private long CountAt(int place) => place == 0 ? _upTo[0] : _upTo[place] - _upTo[place - 1];

    private static long[] RunningSum(long[] counts, string parameter)
    {
        for (var place = 1; place < counts.Length; place++)
        {
            if (counts[place] > long.MaxValue - counts[place - 1])
                throw new ArgumentException("The counts add up to more than a 64-bit number holds.", parameter);
            counts[place] += counts[place - 1];
        }

        return counts;
    }
}
