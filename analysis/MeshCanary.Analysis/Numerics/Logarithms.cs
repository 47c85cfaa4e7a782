namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// Logarithms and exponentials of what is nearly 1. The framework's <c>double.LogP1</c> and <c>double.ExpM1</c> add the 1
/// first and lose what is small. Pure and thread-safe; NaN gives NaN.
/// </summary>
public static class Logarithms
{
    private const double SeriesLow = -0.4;
    private const double SeriesHigh = 0.7;

    /// <summary>ln(1 + x) to the last digits, for x ≥ −1 (Kahan's correction of the rounded sum).</summary>
    public static double OnePlus(double x)
    {
        var sum = 1 + x;
        if (sum == 1)
            return x;
        return double.IsPositiveInfinity(sum) || sum <= 0 ? Math.Log(sum) : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>
    /// ln(1 + x) − x without cancellation: with r = x / (2 + x) it is r (2 (r²/3 + r⁴/5 + r⁶/7 + …) − x), from the series of
    /// the inverse hyperbolic tangent.
    /// </summary>
    public static double OnePlusMinus(double x)
    {
        if (!(x > SeriesLow && x < SeriesHigh))
            return double.IsPositiveInfinity(x) ? double.NegativeInfinity : OnePlus(x) - x;
        var ratio = x / (2 + x);
        var square = ratio * ratio;
        var (sum, power) = (0.0, square);
        for (var odd = 3; power > 1e-18 * square; odd += 2)
        {
            sum += power / odd;
            power *= square;
        }

        return ratio * ((2 * sum) - x);
    }

    /// <summary>ln(1 − e^x) for x ≤ 0, accurate at both ends (Mächler 2012).</summary>
    public static double OneMinusExp(double x) =>
        x > -0.6931471805599453 ? Math.Log(-ExpMinusOne(x)) : OnePlus(-Math.Exp(x));

    /// <summary>e^x − 1 without the loss of a small x (Kahan's correction).</summary>
    public static double ExpMinusOne(double x)
    {
        if (Math.Abs(x) > 0.7)
            return Math.Exp(x) - 1;
        var power = Math.Exp(x);
        if (power == 1)
            return x;
        return (power - 1) * (x / Math.Log(power));
    }
}
