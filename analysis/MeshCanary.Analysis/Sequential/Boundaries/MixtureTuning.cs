using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Boundaries;

/// <summary>
/// The tuning constant ρ of a normal mixture: where on the axis of intrinsic time the boundary is tightest. A choice of
/// power, not of validity. Howard et al. 2021, section 3.5. Pure and thread-safe.
/// </summary>
public static class MixtureTuning
{
    /// <summary>Two-sided: ρ = v / (2·ln(1/α) + ln(1 + 2·ln(1/α))), in the units of <paramref name="variance"/>.</summary>
    /// <param name="variance">v > 0: the intrinsic time at which the boundary shall be tightest.</param>
    /// <param name="alpha">Level it is tuned for, inside (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double TwoSided(double variance, double alpha)
    {
        Require.Positive(variance);
        Require.Confidence(alpha);
        return Rho(variance, alpha);
    }

    /// <summary>One-sided: as two-sided at 2α.</summary>
    /// <param name="variance">v > 0: the intrinsic time at which the boundary shall be tightest.</param>
    /// <param name="alpha">Level it is tuned for, inside (0, ½): a one-sided half of the mixture at 2α.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double OneSided(double variance, double alpha)
    {
        Require.Positive(variance);
        if (!(alpha is > 0 and < 0.5))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A one-sided mixture is tuned for a level between 0 and 0.5.");
        return Rho(variance, 2 * alpha);
    }

    private static double Rho(double variance, double alpha)
    {
        var log = 2 * Math.Log(1 / alpha);
        return variance / (log + Logarithms.OnePlus(log));
    }
}
