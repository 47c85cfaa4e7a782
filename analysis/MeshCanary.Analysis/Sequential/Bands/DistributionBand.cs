using MeshCanary.Analysis.Numerics;
using MeshCanary.Analysis.Sequential.Boundaries;

namespace MeshCanary.Analysis.Sequential.Bands;

/// <summary>
/// Whether two whole distributions differ anywhere, at any time: the greatest gap of the empirical distribution functions
/// against the sum of two time-uniform bands (<see cref="EmpiricalProcessBound"/>), each at α/2. A diagnostic: it needs no
/// edge to be named, but does not narrow in the tails, so it is blind at p99. Immutable and thread-safe.
/// </summary>
public sealed class DistributionBand
{
    private readonly EmpiricalProcessBound _bound;

    /// <summary>Prepares the bands of both arms.</summary>
    /// <param name="alpha">Probability of ever calling equal distributions different, inside (0, 1).</param>
    /// <param name="start">Number of values in each arm from which on the bands hold, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public DistributionBand(double alpha, double start = 100)
    {
        Require.Confidence(alpha);
        _bound = new EmpiricalProcessBound(alpha / 2, start);
    }

    /// <summary>
    /// The gap of two histograms over the same buckets, all values so far. Gaps are seen at the buckets' edges only, which
    /// makes it smaller than that of the values, never larger.
    /// </summary>
    /// <param name="canary">Values of the canary per bucket.</param>
    /// <param name="stable">Values of stable per bucket.</param>
    /// <returns>The gap; of no size with an infinite allowance when an arm has too few values.</returns>
    /// <exception cref="ArgumentException">The histograms are not of one length, or a count is negative.</exception>
    public BandGap Compare(ReadOnlySpan<long> canary, ReadOnlySpan<long> stable)
    {
        if (canary.Length != stable.Length)
            throw new ArgumentException($"The histograms have {canary.Length} and {stable.Length} buckets; give both the same.", nameof(stable));
        var (canaries, stables) = (Total(canary), Total(stable));
        if (canaries == 0 || stables == 0)
            return new BandGap(0, -1, double.PositiveInfinity);
        double belowCanary = 0, belowStable = 0, gap = 0;
        var bucket = -1;
        for (var i = 0; i < canary.Length; i++)
        {
            belowCanary += canary[i];
            belowStable += stable[i];
            var here = (belowStable / stables) - (belowCanary / canaries);
            if (Math.Abs(here) <= Math.Abs(gap))
                continue;
            (gap, bucket) = (here, i);
        }

        return new BandGap(gap, bucket, _bound.Radius(canaries) + _bound.Radius(stables));
    }

    private static double Total(ReadOnlySpan<long> buckets)
    {
        var total = 0.0;
        foreach (var count in buckets)
        {
            if (count < 0)
                throw new ArgumentException($"A bucket holds {count} values; give 0 or more.", nameof(buckets));
            total += count;
        }

        return total;
    }
}
