namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>Kolmogorov's limit distribution of √(nm/(n+m))·D (Kolmogorov 1933; Smirnov 1948). Pure and thread-safe.</summary>
public static class KolmogorovDistribution
{
    // Where both series need four terms or fewer for all digits of a double.
    private const double Middle = 1;

    /// <summary>
    /// Q(λ) = P(K ≥ λ), in [0, 1]. From 1 on by 2·Σ(−1)^(k−1)·exp(−2k²λ²), which keeps the digits of a small tail; below by
    /// 1 − √(2π)/λ·Σexp(−(2k−1)²π²/(8λ²)), Jacobi's transform of the same sum. 1 for λ ≤ 0; NaN for NaN.
    /// </summary>
    /// <param name="lambda">The scaled distance, without unit.</param>
    public static double Survival(double lambda)
    {
        if (lambda <= 0)
            return 1;
        return lambda < Middle ? 1 - Small(lambda) : Math.Min(1, Large(lambda));
    }

    private static double Small(double lambda)
    {
        var sum = 0.0;
        for (var k = 1; k <= 9; k += 2)
            sum += Math.Exp(-(k * k * Math.PI * Math.PI) / (8 * lambda * lambda));
        return Math.Sqrt(2 * Math.PI) / lambda * sum;
    }

    private static double Large(double lambda)
    {
        var sum = 0.0;
        for (var k = 5; k >= 1; k--)
            sum = Math.Exp(-2.0 * k * k * lambda * lambda) - sum;
        return 2 * sum;
    }
}
