namespace MeshCanary.Analysis.Sequential.Numerics;

/// <summary>
/// The regularized incomplete beta function as a logarithm, so that no tail is lost: the continued fraction of DLMF 8.17.22
/// on the side where it converges fast. Pure and thread-safe; some √max(a, b) terms.
/// </summary>
internal static class IncompleteBeta
{
    private const int MaximumTerms = 10_000_000;
    private const double Precision = 4e-16;
    private const double Tiny = 1e-300;

    /// <summary>ln I_x(a, b) for a, b > 0 and x in [0, 1] with <paramref name="y"/> = 1 − x.</summary>
    public static double Log(double a, double b, double x, double y)
    {
        if (x <= 0)
            return double.NegativeInfinity;
        if (y <= 0)
            return 0;
        return x <= (a + 1) / (a + b + 2) ? LogFraction(a, b, x, y) : LogMath.Log1P(-Math.Exp(LogFraction(b, a, y, x)));
    }

    /// <summary>
    /// The x in (0, 1) with ln(1 − I_x(a, b)) = <paramref name="log"/> &lt; 0, to some 14 digits of x, however near to 0 it is.
    /// </summary>
    public static double UpperQuantile(double a, double b, double log)
    {
        var (low, high) = (0.0, 1.0);
        for (var step = 0; step < 1100 && high - low > 1e-15 * high; step++)
        {
            // By halves towards 0 until the size is known.
            var middle = (low + high) / 2;
            if (Log(b, a, 1 - middle, middle) > log)
                low = middle;
            else
                high = middle;
        }

        return (low + high) / 2;
    }

    private static double LogFraction(double a, double b, double x, double y)
    {
        // Lentz's method.
        var c = 1.0;
        var d = 1 / NotZero(1 - ((a + b) * x / (a + 1)));
        var fraction = d;
        for (var m = 1; m < MaximumTerms; m++)
        {
            var even = m * (b - m) * x / ((a + (2.0 * m) - 1) * (a + (2.0 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            fraction *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2.0 * m)) * (a + (2.0 * m) + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            fraction *= d * c;
            if (!(Math.Abs((d * c) - 1) >= Precision))
                break;
        }

        return Math.Log(fraction) - Math.Log(a) - SaddlePoint.LogBetaAgainst(a, b, x, y);
    }

    private static double NotZero(double x) => Math.Abs(x) < Tiny ? Tiny : x;
}
