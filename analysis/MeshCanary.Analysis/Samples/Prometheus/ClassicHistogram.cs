using System.Collections.Immutable;

namespace MeshCanary.Analysis.Samples.Prometheus;

/// <summary>
/// A classic Prometheus histogram at one moment: cumulative counts by upper bound (<c>le</c>). Immutable. Bounds are in the
/// metric's own unit (seconds by convention, milliseconds for Istio).
/// </summary>
public sealed class ClassicHistogram
{
    private readonly ImmutableArray<double> _bounds;
    private readonly ImmutableArray<double> _cumulative;

    /// <summary>Takes bounds and cumulative counts in any order, the bound +Inf among them.</summary>
    /// <exception cref="ArgumentException">
    /// A bound is NaN or there twice, +Inf is missing, a count is no reading (NaN, negative, infinite), or counts fall from one bound to the next.
    /// </exception>
    public ClassicHistogram(IEnumerable<KeyValuePair<double, double>> cumulativeByBound)
    {
        ArgumentNullException.ThrowIfNull(cumulativeByBound);
        var pairs = cumulativeByBound.OrderBy(pair => pair.Key).ToArray();
        if (pairs.Length == 0 || !double.IsPositiveInfinity(pairs[^1].Key))
            throw new ArgumentException("The bucket le=\"+Inf\" is missing: without it nobody knows how many requests there were.", nameof(cumulativeByBound));
        for (var i = 0; i < pairs.Length; i++)
        {
            if (double.IsNaN(pairs[i].Key) || (i > 0 && pairs[i].Key == pairs[i - 1].Key))
                throw new ArgumentException($"The bound le=\"{pairs[i].Key}\" is not a number or is there twice.", nameof(cumulativeByBound));
            if (!CounterDelta.IsReading(pairs[i].Value))
                throw new ArgumentException($"The bucket le=\"{pairs[i].Key}\" holds {pairs[i].Value}, which is not a count.", nameof(cumulativeByBound));
            if (i > 0 && pairs[i].Value < pairs[i - 1].Value)
                throw new ArgumentException($"The bucket le=\"{pairs[i].Key}\" holds less ({pairs[i].Value}) than the one before it ({pairs[i - 1].Value}); the counts have to be cumulative.", nameof(cumulativeByBound));
        }

        _bounds = [.. pairs.Select(pair => pair.Key)];
        _cumulative = [.. pairs.Select(pair => pair.Value)];
    }

    private ClassicHistogram(ImmutableArray<double> bounds, ImmutableArray<double> cumulative) => (_bounds, _cumulative) = (bounds, cumulative);

    /// <summary>Upper bounds, rising; the last is positive infinity.</summary>
    public ImmutableArray<double> Bounds => _bounds;

    /// <summary>Requests at or below each bound.</summary>
    public ImmutableArray<double> Cumulative => _cumulative;

    /// <summary>All requests.</summary>
    public double Total => _cumulative[^1];

    /// <summary>Requests above a bound, exactly; null for a value that is no bound: between bounds nobody knows.</summary>
    public double? CountAbove(double bound) =>
        _bounds.BinarySearch(bound) is >= 0 and var place ? Total - _cumulative[place] : null;

    /// <summary>Both together.</summary>
    /// <exception cref="ArgumentException">The bounds differ: rebuild one of the exporters, or compare what they share.</exception>
    public ClassicHistogram Merge(ClassicHistogram other)
    {
        RequireSameBounds(other);
        return new ClassicHistogram(_bounds, [.. _cumulative.Zip(other._cumulative, (mine, theirs) => mine + theirs)]);
    }

    /// <summary>
    /// What came since an earlier reading of the same process. When any bucket fell, the process was restarted, and everything it
    /// shows now came since. One bucket alone cannot be reset.
    /// </summary>
    /// <exception cref="ArgumentException">The bounds differ.</exception>
    public ClassicHistogram Since(ClassicHistogram earlier)
    {
        RequireSameBounds(earlier);
        var wasReset = false;
        for (var i = 0; i < _cumulative.Length; i++)
            wasReset |= _cumulative[i] < earlier._cumulative[i];
        if (wasReset)
            return this;
        var sums = ImmutableArray.CreateBuilder<double>(_cumulative.Length);
        var last = 0.0;

        // A scrape is not atomic: a request may be in one bucket and not yet in the next. What is cumulative stays so.
        for (var i = 0; i < _cumulative.Length; i++)
            sums.Add(last = Math.Max(last, _cumulative[i] - earlier._cumulative[i]));
        return new ClassicHistogram(_bounds, sums.MoveToImmutable());
    }

    /// <summary>
    /// The quantile as Prometheus computes it: linear within the bucket from the bound before (0 before the first, when that is
    /// above 0), the highest finite bound in the +Inf bucket; with the bucket's edges as limits. Null without a request or a finite bound.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is not within 0…1.</exception>
    public QuantileEstimate? Quantile(double share)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A quantile is a share from 0 to 1.");
        if (Total == 0 || _bounds.Length < 2)
            return null;
        var rank = share * Total;
        var place = 0;
        while (place < _bounds.Length - 1 && _cumulative[place] < rank)
            place++;
        var low = place > 0 ? _bounds[place - 1] : Math.Min(0, _bounds[0]);
        var high = _bounds[place];
        if (double.IsPositiveInfinity(high))
            return new QuantileEstimate(low, low, high);
        if (place == 0 && high <= 0)
            return new QuantileEstimate(high, double.NegativeInfinity, high);
        var before = place > 0 ? _cumulative[place - 1] : 0;
        var inside = _cumulative[place] - before;
        return new QuantileEstimate(inside > 0 ? low + ((high - low) * ((rank - before) / inside)) : low, low, high);
    }

    /// <summary>
    /// Limits of the quantile of what the requests are a sample of, bucket and chance together. Null without a request or a finite bound.
    /// </summary>
    /// <param name="share">The quantile, 0…1.</param>
    /// <param name="confidence">Two-sided confidence, inside (0, 1).</param>
    public QuantileEstimate? Quantile(double share, double confidence)
    {
        if (Quantile(share) is not { } estimate)
            return null;
        var (low, high) = QuantileRank.Limits(share, Total, QuantileRank.Deviations(confidence));
        return new QuantileEstimate(estimate.Value, Quantile(low)!.Value.Low, Quantile(high)!.Value.High);
    }

    /// <summary>
    /// The counts in our own layout: each bucket goes as a whole where its upper bound belongs, so counts above a bound stay exact
    /// (<see cref="ForeignLayout"/>). <paramref name="secondsPerUnit"/> is 1 for seconds and 0.001 for milliseconds.
    /// </summary>
    public LatencyHistogram ToLatency(double secondsPerUnit = 1)
    {
        var counts = new double[LatencyBuckets.Count];
        for (var i = 0; i < _bounds.Length; i++)
            counts[ForeignLayout.BucketOf(_bounds[i] * secondsPerUnit)] += _cumulative[i] - (i > 0 ? _cumulative[i - 1] : 0);
        return ForeignLayout.Round(counts);
    }

    private void RequireSameBounds(ClassicHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!_bounds.AsSpan().SequenceEqual(other._bounds.AsSpan()))
            throw new ArgumentException($"The bounds differ: {string.Join(", ", _bounds)} here and {string.Join(", ", other._bounds)} there. Counts only add up over the same buckets.", nameof(other));
    }
}
