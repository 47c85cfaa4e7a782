namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// Tails of Student's t distribution with any positive, also fractional, degrees of freedom; infinite means the normal
/// distribution. P(T ≥ t) = ½ I_x(ν/2, ½), x = ν/(ν + t²), for t ≥ 0. Pure and thread-safe; a NaN t gives NaN.
/// </summary>
public static class StudentTail
{
    private const double NormalFrom = 1e17;
    private const double PowerFrom = 1e16;

    /// <summary>P(T ≥ t), relative error below 1e-12 in both far tails.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive.</exception>
    public static double Upper(double t, double degrees) => t < 0 ? 1 - Upper(-t, degrees) : Math.Exp(LogUpper(t, degrees));

    /// <summary>P(T ≤ t) = P(T ≥ −t).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive.</exception>
    public static double Lower(double t, double degrees) => Upper(-t, degrees);

    /// <summary>P(|T| ≥ |t|).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive.</exception>
    public static double TwoSided(double t, double degrees) => Math.Min(1, 2 * Upper(Math.Abs(t), degrees));

    /// <summary>ln P(T ≥ t), also where P underflows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive.</exception>
    public static double LogUpper(double t, double degrees)
    {
        RequireDegrees(degrees);
        if (double.IsNaN(t))
            return double.NaN;
        if (degrees > NormalFrom)
            return NormalTail.LogUpper(t);
        if (t < 0)
            return Logarithms.OnePlus(-Math.Exp(LogUpper(-t, degrees)));
        var half = 0.5 * degrees;
        var square = t / degrees * t;
        const double logTwo = 0.69314718055994530942;

        // Beyond this x^a/(a B) is all that is left of the series, and t² need not be a double.
        if (square > PowerFrom)
            return (half * (Math.Log(degrees) - (2 * Math.Log(t)))) - Math.Log(half) - LogGamma.Beta(half, 0.5) - logTwo;
        return BetaTail.LogLower(1 / (1 + square), square / (1 + square), half, 0.5) - logTwo;
    }

    /// <summary>The t with P(T ≥ t) = p, for p in [0, 1] (infinite at the ends).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive, or p is not in [0, 1].</exception>
    public static double UpperQuantile(double p, double degrees)
    {
        RequireDegrees(degrees);
        Require.Probability(p, nameof(p));
        if (degrees > NormalFrom)
            return NormalTail.UpperQuantile(p);
        return p > 0.5 ? -UpperQuantile(1 - p, degrees) : Math.Sqrt(degrees) * Math.Exp(-0.5 * BetaTail.LogitQuantile(2 * p, 0.5 * degrees, 0.5));
    }

    /// <summary>The t with P(T ≤ t) = p, for p in [0, 1] (infinite at the ends).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive, or p is not in [0, 1].</exception>
    public static double Quantile(double p, double degrees) => -UpperQuantile(p, degrees);

    /// <summary>The t with P(|T| ≤ t) = confidence.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degrees of freedom are not positive, or the confidence is not inside (0, 1).</exception>
    public static double TwoSidedQuantile(double confidence, double degrees)
    {
        Require.Confidence(confidence, nameof(confidence));
        return UpperQuantile(0.5 * (1 - confidence), degrees);
    }

    private static void RequireDegrees(double degrees)
    {
        if (!(degrees > 0))
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "Degrees of freedom must be positive.");
    }
}
