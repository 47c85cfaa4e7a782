namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// The regularized incomplete beta function I_x(a, b) and its complement, as logarithms too, for parameters from fractions to
/// 1e13. The tail that lies away from the mode is computed, the other is its complement. Both start from
/// x^a (1−x)^b / B(a, b), written by Loader's (2000) deviances and Stirling corrections instead of ln Γ; the rest is the
/// continued fraction of Didonato and Morris (1992) by the modified Lentz method, or for two large parameters and x near the
/// mean, where the fraction needs about √min(a, b) steps, a numeric integral over the tail. Pure and thread-safe.
/// </summary>
public static class BetaTail
{
    private const double Large = 3000;
    private const double LogitLimit = 700;

    /// <summary>I_x(a, b) = P(X ≤ x) of a Beta(a, b); 0 and 1 outside [0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive and finite, or x is NaN.</exception>
    public static double Lower(double x, double a, double b) => Math.Exp(LogLower(x, a, b));

    /// <summary>1 − I_x(a, b) = P(X ≥ x), not by subtraction where that would lose digits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive and finite, or x is NaN.</exception>
    public static double Upper(double x, double a, double b) => Math.Exp(LogUpper(x, a, b));

    /// <summary>ln I_x(a, b), also where I_x(a, b) underflows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive and finite, or x is NaN.</exception>
    public static double LogLower(double x, double a, double b) => LogLower(x, 1 - x, a, b);

    /// <summary>ln(1 − I_x(a, b)), also where that underflows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive and finite, or x is NaN.</exception>
    public static double LogUpper(double x, double a, double b) => LogLower(1 - x, x, b, a);

    /// <summary>The x with I_x(a, b) = p.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive and finite, or p is not in [0, 1].</exception>
    public static double LowerQuantile(double p, double a, double b) => Expit(LogitQuantile(p, a, b));

    /// <summary>The x with 1 − I_x(a, b) = p; exact also for p far below the spacing of doubles at 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive and finite, or p is not in [0, 1].</exception>
    public static double UpperQuantile(double p, double a, double b) => Expit(-LogitQuantile(p, b, a));

    /// <summary>ln I_x(a, b) for x and y = 1 − x that are both known to their last digit.</summary>
    internal static double LogLower(double x, double y, double a, double b)
    {
        Require.Positive(a, nameof(a));
        Require.Positive(b, nameof(b));
        if (double.IsNaN(x))
            throw new ArgumentOutOfRangeException(nameof(x), x, "Must be a number.");
        if (x <= 0)
            return double.NegativeInfinity;
        if (y <= 0)
            return 0;
        var beyond = Stirling.Beyond(a, b, x, y);
        if (Math.Min(a, b) > Large && Math.Abs(beyond) < 0.5 * Math.Min(a, b))
            return beyond <= x - y ? LogByIntegral(x, y, a, b) : Logarithms.OneMinusExp(Math.Min(0, LogByIntegral(y, x, b, a)));
        return beyond <= y - x ? LogByFraction(x, y, a, b) : Logarithms.OneMinusExp(Math.Min(0, LogByFraction(y, x, b, a)));
    }

    /// <summary>ln x/(1 − x) at the p-quantile: keeps what x near 0 or 1 cannot.</summary>
    internal static double LogitQuantile(double p, double a, double b)
    {
        Require.Probability(p, nameof(p));
        Require.Positive(a, nameof(a));
        Require.Positive(b, nameof(b));
        if (p is 0 or 1)
            return p == 0 ? double.NegativeInfinity : double.PositiveInfinity;
        return p <= 0.5 ? LowLogit(Math.Log(p), a, b) : -LowLogit(Math.Log(1 - p), b, a);
    }

    /// <summary>ln(x^a y^b / B(a, b)).</summary>
    internal static double LogPower(double x, double y, double a, double b)
    {
        var (sum, beyond) = (a + b, Stirling.Beyond(a, b, x, y));
        return Stirling.Error(sum) - Stirling.Error(a) - Stirling.Error(b) - Stirling.Deviance(a, sum * x, beyond) - Stirling.Deviance(b, sum * y, -beyond)
            + (0.5 * Math.Log(a * (b / sum))) - Stirling.HalfLogTwoPi;
    }

    internal static double Expit(double logit) => 1 / (1 + Math.Exp(-logit));

    private static double LowLogit(double log, double a, double b)
    {
        // Near zero I_x is x^a/(a B(a, b)) and nothing else; there x itself may be too small for a double.
        var power = (log + Math.Log(a) + LogGamma.Beta(a, b)) / a;
        if (Math.Exp(power) * (1 + b) < 1e-17)
            return power;
        return MonotoneRoot.Find(logit => LogLower(Expit(logit), Expit(-logit), a, b) - log, -LogitLimit, LogitLimit);
    }

    private static double LogByIntegral(double x, double y, double a, double b)
    {
        var (left, right) = (a - 1, b - 1);
        var slope = (x - y - Stirling.Beyond(a, b, x, y)) / (x * y);
        var integral = HalfLineIntegral.Of(
            u => u < x ? (left * Logarithms.OnePlusMinus(-u / x)) + (right * Logarithms.OnePlusMinus(u / y)) - (slope * u) : double.NegativeInfinity,
            slope,
            (left / x / x) + (right / y / y));
        return LogPower(x, y, a, b) + Math.Log(integral / (x * y));
    }

    private static double LogByFraction(double x, double y, double a, double b) => LogPower(x, y, a, b) + Math.Log(Fraction(x, y, a, b));

    // λ = a y − b x carries the distance from the mean, so that nothing cancels when x is near 1.
    private static double Fraction(double x, double y, double a, double b)
    {
        const double tiny = 1e-300;
        var sum = a + b;
        var lambda = -Stirling.Beyond(a, b, x, y);
        var bottom = a * (lambda + 1) / (a + 1);
        var c = double.PositiveInfinity;
        var d = 1 / bottom;
        var value = d;
        for (var n = 1; n <= 20_000; n++)
        {
            var twice = a + (2.0 * n);
            var top = (a + n - 1) / (twice - 1) * ((sum + n - 1) / (twice - 1)) * n * (b - n) * x * x;
            bottom = n + (n * (b - n) * x / (twice - 1)) + ((a + n) / (twice + 1) * (lambda + 1 + (n * (1 + y))));
            d = 1 / Guarded(bottom + (top * d));
            c = Guarded(bottom + (top / c));
            var factor = d * c;
            value *= factor;
            if (Math.Abs(factor - 1) < 2.3e-16)
                break;
        }

        return value;

        static double Guarded(double number) => Math.Abs(number) < tiny ? tiny : number;
    }
}
