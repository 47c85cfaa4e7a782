namespace MeshCanary.Analysis.Numerics;

/// <summary>
/// Sample quantiles by linear interpolation between order statistics, numbered as in Hyndman &amp; Fan 1996, <em>Sample
/// quantiles in statistical packages</em>, The American Statistician 50(4):361-365. With sorted values x_1 … x_N, share
/// p and a position h, all of them are x_⌊h⌋ + (h − ⌊h⌋)·(x_⌊h⌋+1 − x_⌊h⌋), with h held inside 1…N; they differ in h only.
/// </summary>
/// <remarks>
/// Pure and thread-safe; nothing is allocated. The values are sorted ascending and hold no NaN: the caller sees to that.
/// An empty sample has no quantile: the answer is NaN. A sample of one is its own quantile at every share. Infinite
/// values are ordinary order statistics; between −∞ and +∞ the answer is NaN.
/// </remarks>
public static class SampleQuantile
{
    /// <summary>R-6, Weibull's plotting position: h = (N + 1)·p. What Minitab, SPSS and the NIST handbook use.</summary>
    /// <param name="sorted">Values, ascending.</param>
    /// <param name="share">p, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is outside 0…1 or not a number.</exception>
    public static double R6(ReadOnlySpan<double> sorted, double share) => At(sorted, Required(share) * (sorted.Length + 1.0));

    /// <summary>R-7: h = (N − 1)·p + 1. What R, numpy and spreadsheets use by default, and Kayenta.</summary>
    /// <param name="sorted">Values, ascending.</param>
    /// <param name="share">p, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is outside 0…1 or not a number.</exception>
    public static double R7(ReadOnlySpan<double> sorted, double share) => At(sorted, 1 + (Required(share) * (sorted.Length - 1.0)));

    /// <summary>R-8: h = (N + 1/3)·p + 1/3, nearly unbiased for the median of the p quantile whatever the distribution.</summary>
    /// <param name="sorted">Values, ascending.</param>
    /// <param name="share">p, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is outside 0…1 or not a number.</exception>
    public static double R8(ReadOnlySpan<double> sorted, double share) => At(sorted, (Required(share) * (sorted.Length + (1.0 / 3))) + (1.0 / 3));

    private static double Required(double share) => share is >= 0 and <= 1
        ? share
        : throw new ArgumentOutOfRangeException(nameof(share), share, "A quantile is a share from 0 to 1.");

    private static double At(ReadOnlySpan<double> sorted, double position)
    {
        if (sorted.IsEmpty)
            return double.NaN;
        if (position < 1)
            return sorted[0];
        if (position >= sorted.Length)
            return sorted[^1];
        var below = (int)Math.Floor(position);
        var part = position - below;
        var (low, high) = (sorted[below - 1], sorted[below]);
        if (part == 0 || low == high)
            return low;

        // The distance of two huge values overflows where their weighted mean does not.
        var distance = high - low;
        return double.IsFinite(distance) ? low + (part * distance) : (low * (1 - part)) + (high * part);
    }
}
