namespace MeshCanary.Analysis.Sequential.Numerics;

/// <summary>
/// Regularized incomplete gamma functions as logarithms, so that no tail is lost: the series of DLMF 8.11.4 below the mean
/// and the continued fraction of DLMF 8.9.2 above it. Pure and thread-safe; some 10·√a terms near x = a.
/// </summary>
internal static class IncompleteGamma
{
    private const int MaximumTerms = 10_000_000;
    private const double Precision = 1e-16;
    private const double Tiny = 1e-300;

    /// <summary>ln P(a, x) for a > 0 and x ≥ 0.</summary>
    public static double LogLower(double a, double x)
    {
        if (x <= 0)
            return double.NegativeInfinity;
        return x < a + 1 ? LogSeries(a, x) : LogMath.Log1P(-Math.Exp(LogFraction(a, x)));
    }

    /// <summary>ln Q(a, x) = ln(1 − P(a, x)) for a > 0 and x ≥ 0.</summary>
    public static double LogUpper(double a, double x)
    {
        if (x <= 0)
            return 0;
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
            if (Math.Abs(factor - 1) < 2 * Precision)
                break;
        }

        return LogFront(a, x) + Math.Log(fraction);
    }

    private static double NotZero(double x) => Math.Abs(x) < Tiny ? Tiny : x;
}
