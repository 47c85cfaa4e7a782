namespace MeshCanary.Analysis.Sequential.Numerics;

/// <summary>
/// Regularized incomplete gamma functions as logarithms, so that no tail is lost: the series of DLMF 8.11.4 below the mean
/// and the continued fraction of DLMF 8.9.2 above it, some 10·√a terms near x = a; beyond a = 10¹⁰, where that is too much, the
/// uniform expansion of Temme (DLMF 8.12.7) to its first term, right to 1/a. Pure and thread-safe.
/// </summary>
internal static class IncompleteGamma
{
    private const int MaximumTerms = 10_000_000;
    private const double Precision = 1e-16;
    private const double Huge = 1e10;
    private const double Tiny = 1e-300;

    /// <summary>ln P(a, x) for a > 0 and x ≥ 0.</summary>
    public static double LogLower(double a, double x)
    {
        if (x <= 0)
            return double.NegativeInfinity;
        if (a > Huge)
            return LogUniform(a, x, -1);
        return x < a + 1 ? LogSeries(a, x) : LogMath.Log1P(-Math.Exp(LogFraction(a, x)));
    }

    /// <summary>ln Q(a, x) = ln(1 − P(a, x)) for a > 0 and x ≥ 0.</summary>
    public static double LogUpper(double a, double x)
    {
        if (x <= 0)
            return 0;
        if (a > Huge)
            return LogUniform(a, x, 1);
        return x < a + 1 ? LogMath.Log1P(-Math.Exp(LogSeries(a, x))) : LogFraction(a, x);
    }

    /// <summary>ln(x^a·e^−x / Γ(a)).</summary>
    private static double LogFront(double a, double x) => SaddlePoint.LogPowerOverGamma(a) - SaddlePoint.Deviance(a, x);

    private static double LogSeries(double a, double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; k < MaximumTerms && term > sum * Precision; k++)
        {
            term *= x / (a + k);
            sum += term;
        }

        return LogFront(a, x) - Math.Log(a) + Math.Log(sum);
    }

    private static double LogFraction(double a, double x)
    {
        // Lentz's method.
        var b = x + 1 - a;
        var c = 1 / Tiny;
        var d = 1 / b;
        var fraction = d;
        for (var k = 1; k < MaximumTerms; k++)
        {
            var an = -k * (k - a);
            b += 2;
            d = NotZero((an * d) + b);
            c = NotZero(b + (an / c));
            d = 1 / d;
            var factor = d * c;
            fraction *= factor;
            if (!(Math.Abs(factor - 1) >= 4 * Precision))
                break;
        }

        return LogFront(a, x) + Math.Log(fraction);
    }

    /// <summary>ln Q for side 1 and ln P for −1: ln[Φ(∓η√a) ± φ(η√a)·c₀(η)/√a], ½η² = x/a − 1 − ln(x/a).</summary>
    private static double LogUniform(double a, double x, int side)
    {
        var eta = Math.Sign(x - a) * Math.Sqrt(2 * SaddlePoint.Deviance(a, x) / a);
        var z = eta * Math.Sqrt(a);

        // c₀ = 1/(x/a − 1) − 1/η, which cancels near x = a.
        var c0 = Math.Abs(eta) < 0.01
            ? (-1.0 / 3) + (eta * ((1.0 / 12) - (eta * ((2.0 / 135) - (eta / 864)))))
            : (a / (x - a)) - (1 / eta);
        var log = NormalLaw.LogBelow(-side * z);
        return log + LogMath.Log1P(side * c0 / Math.Sqrt(a) * Math.Exp(NormalLaw.LogDensity(z) - log));
    }

    private static double NotZero(double x) => Math.Abs(x) < Tiny ? Tiny : x;
}
