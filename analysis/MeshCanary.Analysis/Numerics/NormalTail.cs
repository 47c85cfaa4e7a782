using MathNet.Numerics;

namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// Tails of the standard normal distribution, never as 1 − the other tail. Pure and thread-safe; NaN gives NaN, infinities
/// their limits.
/// </summary>
public static class NormalTail
{
    private const double FractionFrom = 5;
    private const double Sqrt2 = 1.4142135623730950488;

    /// <summary>P(Z ≥ z) = ½ erfc(z/√2); relative error below 1e-12 as far as doubles go (z about 38, then 0).</summary>
    public static double Upper(double z) =>
        z > FractionFrom ? Math.Exp(LogUpper(z)) : 0.5 * SpecialFunctions.Erfc(z / Sqrt2);

    /// <summary>P(Z ≤ z) = P(Z ≥ −z).</summary>
    public static double Lower(double z) => Upper(-z);

    /// <summary>P(|Z| ≥ |z|).</summary>
    public static double TwoSided(double z) => Math.Min(1, 2 * Upper(Math.Abs(z)));

    /// <summary>
    /// ln P(Z ≥ z) for every z. Beyond 5 it is ln φ(z) − ln(z + 1/(z + 2/(z + 3/(z + …)))), the continued fraction of Mills'
    /// ratio (Laplace 1805), which does not underflow.
    /// </summary>
    public static double LogUpper(double z)
    {
        if (double.IsPositiveInfinity(z))
            return double.NegativeInfinity;
        if (z < -FractionFrom)
            return Logarithms.OnePlus(-Upper(-z));
        if (!(z > FractionFrom))
            return Math.Log(0.5 * SpecialFunctions.Erfc(z / Sqrt2));
        var fraction = z;
        for (var k = 60; k > 0; k--)
            fraction = z + (k / fraction);
        return -(0.5 * z * z) - Stirling.HalfLogTwoPi - Math.Log(fraction);
    }

    /// <summary>ln P(Z ≤ z).</summary>
    public static double LogLower(double z) => LogUpper(-z);

    /// <summary>
    /// The z with P(Z ≥ z) = p, for p in [0, 1] (infinite at the ends). Newton's method on ln P(Z ≥ z), which is concave, from
    /// √(−2 ln p) at its right: it can only come closer.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    public static double UpperQuantile(double p)
    {
        Require.Probability(p, nameof(p));
        if (p > 0.5)
            return -UpperQuantile(1 - p);
        if (p == 0)
            return double.PositiveInfinity;
        if (p > 0.25)
            return Sqrt2 * SpecialFunctions.ErfInv(1 - (2 * p));
        var target = Math.Log(p);
        var z = Math.Sqrt(-2 * target);
        for (var turn = 0; turn < 50; turn++)
        {
            var log = LogUpper(z);
            var step = (log - target) * Math.Exp(log + (0.5 * z * z) + Stirling.HalfLogTwoPi);
            z += step;
            if (Math.Abs(step) <= 1e-16 * z)
                break;
        }

        return z;
    }

    /// <summary>The z with P(Z ≤ z) = p, for p in [0, 1] (infinite at the ends).</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    public static double Quantile(double p) => -UpperQuantile(p);

    /// <summary>The z with P(|Z| ≤ z) = confidence: 1.96 for 0.95.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not inside (0, 1).</exception>
    public static double TwoSidedQuantile(double confidence)
    {
        Require.Confidence(confidence, nameof(confidence));
        return UpperQuantile(0.5 * (1 - confidence));
    }
}
