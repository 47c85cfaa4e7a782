namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// ln Γ and its differences. A difference of two large ln Γ loses as many digits as they are long; here the large parts are
/// cancelled on paper and only Stirling's corrections are subtracted. Pure and thread-safe.
/// </summary>
public static class LogGamma
{
    /// <summary>ln Γ(x) for 0 &lt; x &lt; ∞; absolute error about 1e-15 near its zeros at 1 and 2, else relative.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="x"/> is not positive and finite.</exception>
    public static double Value(double x)
    {
        Require.Positive(x, nameof(x));
        return x is 1 or 2 ? 0 : ((x - 0.5) * Math.Log(x)) - x + Stirling.HalfLogTwoPi + Stirling.Error(x);
    }

    /// <summary>
    /// ln Γ(x + d) − ln Γ(x) = x (ln(1 + d/x) − d/x) − ½ ln(1 + d/x) + d ln(x + d) + δ(x + d) − δ(x), for x > 0 and
    /// x + d > 0. Where the two are far apart nothing cancels, and it is the plain difference.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">x or x + d is not positive and finite.</exception>
    public static double Difference(double x, double d)
    {
        Require.Positive(x, nameof(x));
        Require.Positive(x + d, nameof(d));
        var ratio = d / x;
        if (ratio is < -0.5 or > 1)
            return Value(x + d) - Value(x);
        return (x * Logarithms.OnePlusMinus(ratio)) - (0.5 * Logarithms.OnePlus(ratio)) + (d * Math.Log(x + d)) + Stirling.Error(x + d) - Stirling.Error(x);
    }

    /// <summary>ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b) for positive and finite a and b; no cancellation when one is much larger.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive and finite.</exception>
    public static double Beta(double a, double b)
    {
        Require.Positive(a, nameof(a));
        Require.Positive(b, nameof(b));
        var (small, large) = a < b ? (a, b) : (b, a);
        var ratio = small / large;
        return Stirling.HalfLogTwoPi - (0.5 * Math.Log(small)) + (small * (Math.Log(ratio) - Logarithms.OnePlus(ratio)))
            - ((large - 0.5) * Logarithms.OnePlus(ratio)) + Stirling.Error(small) + Stirling.Error(large) - Stirling.Error(small + large);
    }

    /// <summary>
    /// ln C(n, k) for whole 0 ≤ k ≤ n up to 2^53: k ln(n/k) − (n − k) ln(1 − k/n) − ½ ln(2π k (n − k)/n) + δ(n) − δ(k) − δ(n − k),
    /// in which nothing large is subtracted.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">k is not between 0 and n.</exception>
    public static double Choose(long n, long k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, n);
        var (few, rest) = (Math.Min(k, n - k), Math.Max(k, n - k));
        if (few == 0)
            return 0;
        double all = n, chosen = few, left = rest;
        return (chosen * Math.Log(all / chosen)) - (left * Logarithms.OnePlus(-chosen / all))
            - Stirling.HalfLogTwoPi - (0.5 * Math.Log(chosen * (left / all)))
            + Stirling.Error(all) - Stirling.Error(chosen) - Stirling.Error(left);
    }
}
