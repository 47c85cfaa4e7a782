using MathNet.Numerics.Distributions;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// The rank k of the ordered differences at which a distribution-free interval for a shift begins: [D_(k), D_(nm+1−k)] has
/// confidence 1 − 2·P(U ≤ k − 1) (Moses 1953; Lehmann 1975, <em>Nonparametrics</em>, section 2.6).
/// </summary>
internal static class RankSumQuantile
{
    /// <summary>Up to this many pairs the distribution is counted, beyond it approximated.</summary>
    public const long ExactPairs = 2500;

    /// <summary>
    /// The largest k with P(U ≤ k − 1) below <paramref name="tail"/>, at least 1; null when even P(U = 0) exceeds it, so that
    /// no interval of that confidence is bounded.
    /// </summary>
    public static long? Of(int n, int m, double tail)
    {
        var (few, many) = (Math.Min(n, m), Math.Max(n, m));
        if (1 / Orders(few, many) > tail)
            return null;
        return (long)n * m <= ExactPairs ? Counted(few, many, tail) : Approximated(n, m, tail);
    }

    /// <summary>C(few + many, few), the orders in which the values of two samples can lie; infinity when that overflows.</summary>
    private static double Orders(int few, int many)
    {
        var orders = 1.0;
        for (var i = 1; i <= few && double.IsFinite(orders); i++)
            orders = orders * (many + i) / i;
        return orders;
    }

    /// <summary>By the recurrence f(u; a, b) = f(u − b; a − 1, b) + f(u; a, b − 1) of Mann &amp; Whitney 1947.</summary>
    private static long Counted(int few, int many, double tail)
    {
        var half = (few * many / 2) + 1;
        var ways = new double[few + 1][];
        for (var a = 0; a <= few; a++)
        {
            ways[a] = new double[half + 1];
            ways[a][0] = 1;
        }

        for (var b = 1; b <= many; b++)
        {
            for (var a = 1; a <= few; a++)
            {
                for (var u = b; u <= half; u++)
                    ways[a][u] += ways[a - 1][u - b];
            }
        }

        var all = Orders(few, many);
        var sum = 0.0;
        var quantile = -1;
        do
            sum += ways[few][++quantile];
        while (sum / all < tail);
        return Math.Max(1, quantile);
    }

    /// <summary>By the normal approximation with continuity correction; without ties, as a shifted sample has none.</summary>
    private static long Approximated(int n, int m, double tail)
    {
        double pairs = (double)n * m, sigma = Math.Sqrt(pairs / 12 * ((double)n + m + 1));
        return Math.Max(1, (long)Math.Ceiling((pairs / 2) - 0.5 + (Normal.InvCDF(0, 1, tail) * sigma)));
    }
}
