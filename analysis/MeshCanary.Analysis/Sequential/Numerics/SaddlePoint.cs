using MathNet.Numerics;

namespace MeshCanary.Analysis.Sequential.Numerics;

/// <summary>
/// What is left of gamma and beta functions when their large parts are taken out by hand, so that large counts keep all
/// digits. Loader 2000, "Fast and accurate computation of binomial probabilities". Pure and thread-safe.
/// </summary>
internal static class SaddlePoint
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>δ(x) = lnΓ(x) − (x − ½)·ln x + x − ½·ln 2π, for x > 0: the error of Stirling's formula.</summary>
    public static double StirlingError(double x)
    {
        if (x < 16)
            return SpecialFunctions.GammaLn(x) - ((x - 0.5) * Math.Log(x)) + x - HalfLogTwoPi;
        var square = x * x;
        return ((1.0 / 12) - (((1.0 / 360) - (((1.0 / 1260) - (((1.0 / 1680) - (1.0 / 1188 / square)) / square)) / square)) / square)) / x;
    }

    /// <summary>x·ln(x/m) + m − x for x ≥ 0 and m > 0: half the Poisson deviance of x against m, never below 0.</summary>
    public static double Deviance(double x, double m)
    {
        if (x == 0)
            return m;
        var distance = x - m;
        if (Math.Abs(distance) >= 0.1 * (x + m))
            return (x * Math.Log(x / m)) - distance;

        // Close together the two parts cancel: the series of x·ln((1+v)/(1−v)) with the leading terms summed by hand.
        var v = distance / (x + m);
        var sum = distance * v;
        var term = 2 * x * v;
        for (var j = 1; j < 1000; j++)
        {
            term *= v * v;
            var next = sum + (term / ((2 * j) + 1));
            if (next == sum)
                break;
            sum = next;
        }

        return sum;
    }

    /// <summary>x·ln x − x − lnΓ(x) = ½·ln(x/2π) − δ(x).</summary>
    public static double LogPowerOverGamma(double x) => (0.5 * Math.Log(x)) - HalfLogTwoPi - StirlingError(x);

    /// <summary>ln B(a, b) − a·ln x − b·ln y with y = 1 − x.</summary>
    public static double LogBetaAgainst(double a, double b, double x, double y)
    {
        var n = a + b;
        return Deviance(a, n * x) + Deviance(b, n * y) + HalfLogTwoPi + (0.5 * (Math.Log(n) - Math.Log(a) - Math.Log(b)))
            + StirlingError(a) + StirlingError(b) - StirlingError(n);
    }

    /// <summary>ln of the binomial probability of k in n at p, q = 1 − p inside (0, 1).</summary>
    public static double LogBinomial(double k, double n, double p, double q)
    {
        if (k == 0)
            return n * LogOf(q, p);
        if (k == n)
            return n * LogOf(p, q);
        return (0.5 * Math.Log(n / (k * (n - k)))) - HalfLogTwoPi + StirlingError(n) - StirlingError(k) - StirlingError(n - k)
            - Deviance(k, n * p) - Deviance(n - k, n * q);
    }

    private static double LogOf(double share, double rest) => rest < 0.5 ? LogMath.Log1P(-rest) : Math.Log(share);
}
