namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// Tails of the χ² distribution with any positive degrees of freedom ν: P(X ≥ x) = Q(ν/2, x/2). Pure and thread-safe.
/// </summary>
public static class ChiSquaredTail
{
    private const double LeastLog = -744;
    private const double MostLog = 709;

    /// <summary>P(X ≥ x), relative error below 1e-12 as far as doubles go; 1 left of zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive and finite, or x is NaN.</exception>
    public static double Upper(double x, double degrees) => Math.Exp(LogUpper(x, degrees));

    /// <summary>P(X ≤ x); 0 left of zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive and finite, or x is NaN.</exception>
    public static double Lower(double x, double degrees) => Math.Exp(GammaTail.LogLower(0.5 * x, 0.5 * degrees));

    /// <summary>ln P(X ≥ x), also where P underflows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive and finite, or x is NaN.</exception>
    public static double LogUpper(double x, double degrees) => GammaTail.LogUpper(0.5 * x, 0.5 * degrees);

    /// <summary>The x with P(X ≥ x) = p, for p in [0, 1]; infinite at 0 and zero at 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive and finite, or p is not in [0, 1].</exception>
    public static double UpperQuantile(double p, double degrees)
    {
        Require.Probability(p, nameof(p));
        Require.Positive(degrees, nameof(degrees));
        if (p is 0 or 1)
            return p == 0 ? double.PositiveInfinity : 0;
        return p <= 0.5
            ? Quantile(degrees, (x, half) => GammaTail.LogUpper(x, half) - Math.Log(p))
            : Quantile(degrees, (x, half) => Math.Log(1 - p) - GammaTail.LogLower(x, half));
    }

    /// <summary>The x with P(X ≤ x) = p, for p in [0, 1]; exact also for p far below the spacing of doubles at 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive and finite, or p is not in [0, 1].</exception>
    public static double LowerQuantile(double p, double degrees)
    {
        Require.Probability(p, nameof(p));
        Require.Positive(degrees, nameof(degrees));
        if (p >= 0.5)
            return UpperQuantile(1 - p, degrees);
        return p == 0 ? 0 : Quantile(degrees, (x, half) => GammaTail.LogLower(x, half) - Math.Log(p));
    }

    // In ln(x/ν), which is small where a relative change of x weighs most.
    private static double Quantile(double degrees, Func<double, double, double> function)
    {
        var half = 0.5 * degrees;
        return degrees * Math.Exp(MonotoneRoot.Find(log => function(half * Math.Exp(log), half), LeastLog - Math.Log(half), MostLog - Math.Log(half)));
    }
}
