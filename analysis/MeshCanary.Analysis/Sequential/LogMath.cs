using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential;

/// <summary>Sums of numbers that are kept as natural logarithms.</summary>
internal static class LogMath
{
    /// <summary>ln(e^x + e^y).</summary>
    public static double Add(double x, double y)
    {
        var (high, low) = x >= y ? (x, y) : (y, x);
        return double.IsNegativeInfinity(low) ? high : high + Logarithms.OnePlus(Math.Exp(low - high));
    }

    /// <summary>ln Σ e^x; negative infinity of nothing.</summary>
    public static double Sum(ReadOnlySpan<double> logs)
    {
        var high = double.NegativeInfinity;
        foreach (var log in logs)
            high = Math.Max(high, log);
        if (double.IsNegativeInfinity(high))
            return high;
        var sum = 0.0;
        foreach (var log in logs)
            sum += Math.Exp(log - high);
        return high + Math.Log(sum);
    }
}
