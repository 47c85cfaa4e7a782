using System.Collections.Immutable;

namespace MeshCanary.Analysis.Samples.Prometheus;

/// <summary>
/// A native (exponential) Prometheus histogram at one moment. Bucket i of schema s holds values above 2^((i−1)·2^−s) and up to
/// 2^(i·2^−s), −4 ≤ s ≤ 8; values up to the zero threshold are in the zero bucket. Latencies have no negative buckets. Immutable.
/// Prometheus native histogram specification (2024), the same buckets as OpenTelemetry's exponential histogram, whose index is one lower.
/// </summary>
public sealed class NativeHistogram
{
    /// <summary>Coarsest schema: growth 65,536 a bucket.</summary>
    public const int LowestSchema = -4;

    /// <summary>Finest schema: growth 0.27 % a bucket.</summary>
    public const int HighestSchema = 8;

    private readonly ImmutableSortedDictionary<int, double> _buckets;

    /// <summary>Takes the count of each bucket (not cumulative) by its index.</summary>
    /// <exception cref="ArgumentException">The schema is unknown, the threshold negative or infinite, or a count is no reading.</exception>
    public NativeHistogram(int schema, double zeroThreshold, double zeroCount, ImmutableSortedDictionary<int, double> buckets)
    {
        ArgumentNullException.ThrowIfNull(buckets);
        if (schema is < LowestSchema or > HighestSchema)
            throw new ArgumentException($"Schema {schema} is outside {LowestSchema}…{HighestSchema}; custom buckets are read as a classic histogram.", nameof(schema));
        if (!CounterDelta.IsReading(zeroThreshold))
            throw new ArgumentException($"A zero threshold of {zeroThreshold} is not a value from 0 on.", nameof(zeroThreshold));
        if (!CounterDelta.IsReading(zeroCount))
            throw new ArgumentException($"The zero bucket holds {zeroCount}, which is not a count.", nameof(zeroCount));
        foreach (var (index, count) in buckets)
        {
            if (!CounterDelta.IsReading(count))
                throw new ArgumentException($"Bucket {index} holds {count}, which is not a count.", nameof(buckets));
        }

        (Schema, ZeroThreshold, ZeroCount, _buckets) = (schema, zeroThreshold, zeroCount, buckets);
        Total = zeroCount + buckets.Values.Sum();
    }

    /// <summary>Resolution: 2^schema buckets per doubling.</summary>
    public int Schema { get; }

    /// <summary>Width of the zero bucket.</summary>
    public double ZeroThreshold { get; }

    /// <summary>Requests in the zero bucket.</summary>
    public double ZeroCount { get; }

    /// <summary>Requests by bucket index, without the zero bucket.</summary>
    public ImmutableSortedDictionary<int, double> Buckets => _buckets;

    /// <summary>All requests.</summary>
    public double Total { get; }

    /// <summary>
    /// Reads spans and deltas as the exposition format and the remote protocols carry them: each span skips
    /// <c>offset</c> buckets and holds <c>length</c>; integer counts are differences to the bucket before.
    /// </summary>
    /// <exception cref="ArgumentException">Spans and deltas do not fit together, or a count comes out negative.</exception>
    public static NativeHistogram FromSpans(int schema, double zeroThreshold, double zeroCount, IReadOnlyList<(int Offset, int Length)> spans, IReadOnlyList<long> deltas)
    {
        ArgumentNullException.ThrowIfNull(spans);
        ArgumentNullException.ThrowIfNull(deltas);
        if (spans.Any(span => span.Length < 0) || spans.Sum(span => (long)span.Length) != deltas.Count)
            throw new ArgumentException($"The spans hold {spans.Sum(span => (long)span.Length)} buckets and there are {deltas.Count} deltas.", nameof(deltas));
        var buckets = ImmutableSortedDictionary.CreateBuilder<int, double>();
        var (index, next, count) = (0, 0, 0L);
        for (var place = 0; place < spans.Count; place++)
        {
            if (place > 0 && spans[place].Offset < 0)
                throw new ArgumentException($"Span {place} goes back by {-spans[place].Offset} buckets.", nameof(spans));
            index += spans[place].Offset;
            for (var i = 0; i < spans[place].Length; i++, index++)
            {
                count += deltas[next++];
                if (count > 0)
                    buckets.Add(index, count);
                else if (count < 0)
                    throw new ArgumentException($"Bucket {index} comes out as {count}.", nameof(deltas));
            }
        }

        return new NativeHistogram(schema, zeroThreshold, zeroCount, buckets.ToImmutable());
    }

    /// <summary>Upper bound of a bucket: 2^(index·2^−schema).</summary>
    public static double UpperBound(int schema, int index) => Math.Pow(2, index * Math.Pow(2, -schema));

    /// <summary>The same at a coarser schema, exactly: neighbours are added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Finer than this one, or unknown.</exception>
    public NativeHistogram AtSchema(int schema)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(schema, LowestSchema);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(schema, Schema);
        if (schema == Schema)
            return this;
        var shift = Schema - schema;
        var buckets = ImmutableSortedDictionary.CreateBuilder<int, double>();
        foreach (var (index, count) in _buckets)
        {
            // Rounds up: index·2^−shift, whatever its sign.
            var coarse = (int)(((long)index + (1L << shift) - 1) >> shift);
            buckets[coarse] = buckets.GetValueOrDefault(coarse) + count;
        }

        return new NativeHistogram(schema, ZeroThreshold, ZeroCount, buckets.ToImmutable());
    }

    /// <summary>Both together, at the coarser schema and the wider zero bucket of the two.</summary>
    public NativeHistogram Merge(NativeHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var schema = Math.Min(Schema, other.Schema);
        var threshold = Math.Max(ZeroThreshold, other.ZeroThreshold);
        var (mine, theirs) = (AtSchema(schema).WithThreshold(threshold), other.AtSchema(schema).WithThreshold(Math.Max(threshold, ZeroThreshold)));

        // Widening one may take in a bucket whose bound is above the other's threshold; both then meet at the wider.
        var widest = Math.Max(mine.ZeroThreshold, theirs.ZeroThreshold);
        (mine, theirs) = (mine.WithThreshold(widest), theirs.WithThreshold(widest));
        var buckets = mine._buckets.ToBuilder();
        foreach (var (index, count) in theirs._buckets)
            buckets[index] = buckets.GetValueOrDefault(index) + count;
        return new NativeHistogram(schema, widest, mine.ZeroCount + theirs.ZeroCount, buckets.ToImmutable());
    }

    /// <summary>
    /// What came since an earlier reading of the same process; everything, when any bucket fell or the resolution became finer
    /// (both only happen at a restart). An exporter that has become coarser in between is compared at its present resolution.
    /// </summary>
    public NativeHistogram Since(NativeHistogram earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        if (earlier.Schema < Schema || earlier.ZeroThreshold > ZeroThreshold)
            return this;
        var before = earlier.AtSchema(Schema).WithThreshold(ZeroThreshold);
        if (before.ZeroThreshold != ZeroThreshold || ZeroCount < before.ZeroCount)
            return this;
        var buckets = _buckets.ToBuilder();
        foreach (var (index, count) in before._buckets)
        {
            var now = _buckets.GetValueOrDefault(index);
            if (now < count)
                return this;
            buckets[index] = now - count;
            if (now == count)
                buckets.Remove(index);
        }

        return new NativeHistogram(Schema, ZeroThreshold, ZeroCount - before.ZeroCount, buckets.ToImmutable());
    }

    /// <summary>
    /// The quantile: exponential within its bucket (linear in the zero bucket), as Prometheus has it since 3.0, with the bucket's edges as limits.
    /// Null without a request.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is not within 0…1.</exception>
    public QuantileEstimate? Quantile(double share)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A quantile is a share from 0 to 1.");
        if (Total == 0)
            return null;
        var rank = share * Total;
        var sum = ZeroCount;
        if (ZeroCount > 0 && rank <= ZeroCount)
            return new QuantileEstimate(ZeroThreshold * (rank / ZeroCount), 0, ZeroThreshold);
        QuantileEstimate found = default;
        foreach (var (index, count) in _buckets)
        {
            if (count <= 0)
                continue;
            var (low, high) = (UpperBound(Schema, index - 1), UpperBound(Schema, index));
            found = new QuantileEstimate(Math.Clamp(low * Math.Pow(high / low, (rank - sum) / count), low, high), low, high);
            sum += count;
            if (sum >= rank)
                break;
        }

        return found;
    }

    /// <summary>Limits of the quantile of what the requests are a sample of, bucket and chance together; null without a request.</summary>
    /// <param name="share">The quantile, 0…1.</param>
    /// <param name="confidence">Two-sided confidence, inside (0, 1).</param>
    public QuantileEstimate? Quantile(double share, double confidence)
    {
        if (Quantile(share) is not { } estimate)
            return null;
        var (low, high) = QuantileRank.Limits(share, Total, QuantileRank.Deviations(confidence));
        return new QuantileEstimate(estimate.Value, Quantile(low)!.Value.Low, Quantile(high)!.Value.High);
    }

    /// <summary>The counts in our own layout, as <see cref="ClassicHistogram.ToLatency"/> has it.</summary>
    public LatencyHistogram ToLatency(double secondsPerUnit = 1)
    {
        var counts = new double[LatencyBuckets.Count];
        counts[ForeignLayout.BucketOf(ZeroThreshold * secondsPerUnit)] += ZeroCount;
        foreach (var (index, count) in _buckets)
            counts[ForeignLayout.BucketOf(UpperBound(Schema, index) * secondsPerUnit)] += count;
        return ForeignLayout.Round(counts);
    }

    /// <summary>Takes every bucket that begins below a threshold into the zero bucket; one that reaches beyond widens it to its bound.</summary>
    private NativeHistogram WithThreshold(double threshold)
    {
        if (threshold <= ZeroThreshold)
            return this;
        var taken = _buckets.Where(bucket => UpperBound(Schema, bucket.Key - 1) < threshold).ToArray();
        var widest = taken.Select(bucket => UpperBound(Schema, bucket.Key)).Append(threshold).Max();
        return new NativeHistogram(Schema, widest, ZeroCount + taken.Sum(bucket => bucket.Value), _buckets.RemoveRange(taken.Select(bucket => bucket.Key)));
    }
}
