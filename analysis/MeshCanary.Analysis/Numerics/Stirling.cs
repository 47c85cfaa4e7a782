namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// The two parts that the logarithm of a binomial, Poisson or beta density consists of when it is written without
/// differences of large ln Γ (Loader 2000, "Fast and accurate computation of binomial probabilities"). Pure and thread-safe.
/// </summary>
internal static class Stirling
{
    /// <summary>½ ln 2π.</summary>
    public const double HalfLogTwoPi = 0.91893853320467274178;

    private const double SeriesFrom = 15;

    /// <summary>
    /// δ(x) = ln Γ(x) − (x − ½) ln x + x − ½ ln 2π for x > 0: Stirling's series 1/(12x) − 1/(360x³) + …, below 15 shifted up by
    /// δ(x) = δ(x + 1) + (x + ½) ln(1 + 1/x) − 1.
    /// </summary>
    public static double Error(double x)
    {
        var shift = 0.0;
        for (; x < SeriesFrom; x++)
            shift += x < 1 ? ((x + 0.5) * Logarithms.OnePlus(1 / x)) - 1 : ((x + 0.5) * Logarithms.OnePlusMinus(1 / x)) + (0.5 / x);
        var square = 1 / (x * x);
        var series = (1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * ((1.0 / 1680) - (square * ((1.0 / 1188) - (square * 691 / 360360)))))))));
        return shift + (series / x);
    }

    /// <summary>x ln x − x − ln Γ(x) = ½ ln(x/2π) − δ(x).</summary>
    public static double LogPowerOverGamma(double x) => (0.5 * Math.Log(x)) - HalfLogTwoPi - Error(x);

    /// <summary>x ln(x/m) + m − x ≥ 0, Loader's deviance, without cancellation where x is near m; infinite for m = 0 &lt; x.</summary>
    public static double Deviance(double x, double mean) => Deviance(x, mean, mean - x);

    /// <summary>The same with m − x given, for when it is known better than the difference of the rounded two.</summary>
    public static double Deviance(double x, double mean, double beyond)
    {
        if (x == 0)
            return mean;
        return mean < 0.5 * x ? (x * Math.Log(x / mean)) + beyond : -x * Logarithms.OnePlusMinus(beyond / x);
    }

    /// <summary>
    /// (a + b) p − a = b p − a q for p + q = 1, rounded once: how far the mean lies beyond a, to the last digit of the smaller of p
    /// and q. The other side's distance is its negative.
    /// </summary>
    public static double Beyond(double a, double b, double p, double q) =>
        p <= q ? Math.FusedMultiplyAdd(a + b, p, -a) : -Math.FusedMultiplyAdd(a + b, q, -b);
}
