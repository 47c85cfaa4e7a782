namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// The regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 − P(a, x), as logarithms too. x^a e^(−x)/Γ(a) by Loader's
/// (2000) deviance and Stirling's correction, times the power series (DLMF 8.7.1) left of the mode and the continued fraction
/// (DLMF 8.9.2) right of it, or for a large a and x near it a numeric integral over the tail. Pure and thread-safe.
/// </summary>
public static class GammaTail
{
    private const double Large = 3000;

    /// <summary>ln P(a, x): P(X ≤ x) of a Gamma with shape a and scale 1; 0 left of zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a is not positive and finite, or x is NaN.</exception>
    public static double LogLower(double x, double a) => Logs(x, a).Lower;

    /// <summary>ln Q(a, x): P(X ≥ x) of a Gamma with shape a and scale 1; 1 left of zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a is not positive and finite, or x is NaN.</exception>
    public static double LogUpper(double x, double a) => Logs(x, a).Upper;

    private static (double Lower, double Upper) Logs(double x, double a)
    {
        Require.Positive(a, nameof(a));
        if (double.IsNaN(x))
            throw new ArgumentOutOfRangeException(nameof(x), x, "Must be a number.");
        if (x <= 0)
            return (double.NegativeInfinity, 0);
        if (double.IsPositiveInfinity(x))
            return (0, double.NegativeInfinity);
        var power = (0.5 * Math.Log(a)) - Stirling.HalfLogTwoPi - Stirling.Error(a) - Stirling.Deviance(a, x);
        var large = a > Large && Math.Abs(x - a) < 0.5 * a;
        var left = large ? x <= a - 1 : x < a + 1;
        var log = Math.Min(0, power + Math.Log(large ? Integral(x, a - 1, left) : left ? Series(x, a) : Fraction(x, a)));
        return left ? (log, Logarithms.OneMinusExp(log)) : (Logarithms.OneMinusExp(log), log);
    }

    private static double Integral(double x, double shape, bool left)
    {
        var slope = Math.Abs((shape - x) / x);
        var side = left ? -1.0 : 1;
        return HalfLineIntegral.Of(
            u => left && u >= x ? double.NegativeInfinity : (shape * Logarithms.OnePlusMinus(side * u / x)) - (slope * u),
            slope,
            shape / x / x) / x;
    }

    private static double Series(double x, double a)
    {
        var term = 1 / a;
        var sum = term;
        for (var n = 1; term > 1e-17 * sum; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return sum;
    }

    private static double Fraction(double x, double a)
    {
        const double tiny = 1e-300;
        var b = x + 1 - a;
        var c = 1 / tiny;
        var d = 1 / b;
        var value = d;
        for (var k = 1; k <= 20_000; k++)
        {
            var top = k * (a - k);
            b += 2;
            d = (top * d) + b;
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = b + (top / c);
            c = Math.Abs(c) < tiny ? tiny : c;
            var factor = c * d;
            value *= factor;
            if (Math.Abs(factor - 1) < 2.3e-16)
                break;
        }

        return value;
    }
}
