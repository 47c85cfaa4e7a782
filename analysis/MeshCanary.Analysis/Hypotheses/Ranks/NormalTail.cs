using MathNet.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>Tails of the standard normal distribution, by erfc, so that a small tail is not what is left of 1.</summary>
internal static class NormalTail
{
    private const double SqrtOfTwo = 1.4142135623730951;
    private const double HalfLogOfTwoPi = 0.91893853320467274178;

    // Above, the asymptotic series is exact to the last digits of a logarithm; erfc itself ends at 38.
    private const double Far = 30;

    /// <summary>P(Z ≥ z) = ½·erfc(z/√2).</summary>
    public static double Upper(double z) => 0.5 * SpecialFunctions.Erfc(z / SqrtOfTwo);

    /// <summary>ln P(Z ≥ z); beyond 30 by −z²/2 − ln(z√2π) + ln(1 − 1/z² + 3/z⁴ − 15/z⁶ + 105/z⁸) (Abramowitz and Stegun 26.2.12).</summary>
    public static double LogUpper(double z)
    {
        if (z < 0)
            return LogOfRest(Upper(-z));
        if (z < Far)
            return Math.Log(Upper(z));
        var w = 1 / (z * z);
        return -(z * z / 2) - Math.Log(z) - HalfLogOfTwoPi + Math.Log(1 - (w * (1 - (w * (3 - (w * (15 - (w * 105))))))));
    }

    /// <summary>z with P(Z ≥ z) = p, for p in (0, ½].</summary>
    public static double Quantile(double p) => SqrtOfTwo * SpecialFunctions.ErfcInv(2 * p);

    /// <summary>ln(1 − p), also where 1 − p rounds to 1.</summary>
    private static double LogOfRest(double p) => p < 1e-5 ? -p * (1 + (p * (0.5 + (p / 3)))) : Math.Log(1 - p);
}
