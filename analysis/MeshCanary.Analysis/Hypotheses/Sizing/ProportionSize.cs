using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Sizing;

/// <summary>
/// Power and sample size of the two-proportion z test, looked at once: normal approximation with the pooled variance under the
/// null and the separate ones under the alternative, the far rejection region left out. As R's <c>power.prop.test</c> (strict = FALSE); Fleiss 1981.
/// </summary>
public static class ProportionSize
{
    /// <summary>
    /// Requests per arm, not rounded:
    /// n = ( z_α·√((p₁+p₂)(1−(p₁+p₂)/2)) + z_β·√(p₁(1−p₁)+p₂(1−p₂)) )² / (p₁−p₂)². Infinite when the shares are equal.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A share is outside [0, 1], or <paramref name="alpha"/> or <paramref name="power"/> outside (0, 1).</exception>
    public static double PerArm(double first, double second, double alpha = 0.05, double power = 0.8, Alternative alternative = Alternative.TwoSided)
    {
        var (null0, alternative0) = Deviations(first, second);
        Require.Confidence(power, nameof(power));
        var reach = (Critical(alpha, alternative) * null0) + (NormalTail.Quantile(power) * alternative0);
        var apart = Math.Abs(first - second);

        // A power below the level is there without a single request.
        return apart == 0 ? double.PositiveInfinity : reach <= 0 ? 0 : reach * reach / (apart * apart);
    }

    /// <summary>Power with n requests per arm: Φ((√n·|p₁−p₂| − z_α·σ₀)/σ₁).</summary>
    /// <exception cref="ArgumentOutOfRangeException">As <see cref="PerArm"/>, or <paramref name="perArm"/> is negative.</exception>
    public static double Power(double first, double second, double perArm, double alpha = 0.05, Alternative alternative = Alternative.TwoSided)
    {
        var (null0, alternative0) = Deviations(first, second);
        ArgumentOutOfRangeException.ThrowIfNegative(perArm);
        var gap = (Math.Sqrt(perArm) * Math.Abs(first - second)) - (Critical(alpha, alternative) * null0);

        // Shares of 0 and 1 vary not at all: what is beyond the critical value is certain.
        return alternative0 == 0 ? (gap > 0 ? 1 : 0) : NormalTail.Lower(gap / alternative0);
    }

    private static (double Null, double Alternative) Deviations(double first, double second)
    {
        Require.Probability(first, nameof(first));
        Require.Probability(second, nameof(second));
        var sum = first + second;
        return (Math.Sqrt(sum * (1 - (sum / 2))), Math.Sqrt((first * (1 - first)) + (second * (1 - second))));
    }

    private static double Critical(double alpha, Alternative alternative)
    {
        Require.Confidence(alpha, nameof(alpha));
        return NormalTail.UpperQuantile(alternative == Alternative.TwoSided ? alpha / 2 : alpha);
    }
}
