namespace MeshCanary.Analysis.Sequential;

/// <summary>Sums of numbers that are kept as natural logarithms.</summary>
internal static class LogMath
{
    /// <summary>ln(e^x + e^y).</summary>
    public static double Add(double x, double y)
    {
        var (high, low) = x >= y ? (x, y) : (y, x);
        return double.IsNegativeInfinity(low) ? high : high + Log1P(Math.Exp(low - high));
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

    /// <summary>ln(1 + x) without the loss of a small x (Kahan's correction; x > −1).</summary>
    public static double Log1P(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
