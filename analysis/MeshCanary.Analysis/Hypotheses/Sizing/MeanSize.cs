using MathNet.Numerics.RootFinding;
using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Sizing;

/// <summary>
/// Power and sample size of the pooled two-sample t test, looked at once, by the noncentral t distribution:
/// power = P(T_ν(δ) &gt; t_{ν,α}), ν = 2(n−1), δ = √(n/2)·Δ/σ, the far rejection region left out. As R's <c>power.t.test</c> (strict = FALSE).
/// </summary>
public static class MeanSize
{
    private const double Least = 2;
    private const double Most = 1e12;

    /// <summary>Values per arm, not rounded, at least 2; infinite without a difference.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not positive, or <paramref name="alpha"/> or <paramref name="power"/> outside (0, 1).</exception>
    public static double PerArm(double difference, double deviation, double alpha = 0.05, double power = 0.8, Alternative alternative = Alternative.TwoSided)
    {
        Require.Confidence(power, nameof(power));
        if (Power(difference, deviation, Least, alpha, alternative) >= power)
            return Least;
        if (difference == 0 || Power(difference, deviation, Most, alpha, alternative) < power)
            return double.PositiveInfinity;

        // In logarithms: sizes span decades.
        return Math.Exp(Brent.FindRoot(log => Power(difference, deviation, Math.Exp(log), alpha, alternative) - power, Math.Log(Least), Math.Log(Most), 1e-13));
    }

    /// <summary>Power with n values per arm; n need not be whole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As <see cref="PerArm"/>, or fewer than 2 values.</exception>
    public static double Power(double difference, double deviation, double perArm, double alpha = 0.05, Alternative alternative = Alternative.TwoSided)
    {
        Require.Confidence(alpha, nameof(alpha));
        if (!(deviation > 0 && double.IsFinite(deviation)))
            throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "A standard deviation is above 0 and finite.");
        if (!double.IsFinite(difference))
            throw new ArgumentOutOfRangeException(nameof(difference), difference, "A difference of means is finite.");
        if (!(perArm >= Least))
            throw new ArgumentOutOfRangeException(nameof(perArm), perArm, "A t test needs at least 2 values in each arm.");
        var degrees = 2 * (perArm - 1);
        var critical = StudentTail.UpperQuantile(alternative == Alternative.TwoSided ? alpha / 2 : alpha, degrees);
        return NoncentralStudent.Upper(critical, degrees, Math.Sqrt(perArm / 2) * Math.Abs(difference) / deviation);
    }
}
