using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Bands;

/// <summary>
/// Confidence sequence for one quantile, for all sample sizes at once: the order statistics at p ∓ f,
/// f = 1.5·√(p(1−p)·ℓ) + 0.8·ℓ, ℓ = (1.4·ln ln(2.1·t) + ln(10/α))/t. Howard and Ramdas 2022, "Sequential estimation of
/// quantiles with applications to A/B testing and best-arm identification", Bernoulli 28:1704 (the stitched fixed-quantile sequence with their constants). For independent values of one distribution; for display and diagnosis.
/// Immutable and thread-safe.
/// </summary>
public sealed class QuantileSequence
{
    private readonly double _p;
    private readonly double _alpha;

    /// <summary>Chooses the quantile.</summary>
    /// <param name="p">Its share, inside (0, 1): 0.99 for p99.</param>
    /// <param name="alpha">Probability that the quantile is ever outside, inside (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public QuantileSequence(double p, double alpha)
    {
        Require.Confidence(p);
        Require.Confidence(alpha);
        (_p, _alpha) = (p, alpha);
    }

    /// <summary>f after <paramref name="count"/> values, as a share of them; infinite for none.</summary>
    public double Offset(long count)
    {
        if (count < 1)
            return double.PositiveInfinity;
        var ell = ((1.4 * Math.Log(Math.Log(2.1 * count))) + Math.Log(10 / _alpha)) / count;
        return (1.5 * Math.Sqrt(_p * (1 - _p) * ell)) + (0.8 * ell);
    }

    /// <summary>
    /// The ends among sorted values: the upper quantile function sup{x: F_t(x) ≤ p − f} and the lower one
    /// inf{x: F_t(x) ≥ p + f}; infinite where the values do not bound it yet.
    /// </summary>
    /// <param name="sorted">All values so far, rising.</param>
    public (double Low, double High) Ends(ReadOnlySpan<double> sorted)
    {
        var (below, above) = Ranks(sorted.Length);
        return (below < 1 ? double.NegativeInfinity : sorted[(int)below - 1], above > sorted.Length ? double.PositiveInfinity : sorted[(int)above - 1]);
    }

    /// <summary>
    /// Ranks (from 1) of the ends among <paramref name="count"/> sorted values; a lower one of 0 and an upper one of
    /// count + 1 bound nothing. With a histogram: the lower end is the lower edge of the bucket that holds the lower rank, the
    /// upper end the upper edge of the bucket that holds the upper rank.
    /// </summary>
    public (long Low, long High) Ranks(long count)
    {
        var offset = Offset(count);
        var low = _p - offset;
        var high = _p + offset;
        return (low <= 0 ? 0 : Math.Min((long)Math.Floor(low * count) + 1, count), high >= 1 ? count + 1 : Math.Max(1, (long)Math.Ceiling(high * count)));
    }
}
