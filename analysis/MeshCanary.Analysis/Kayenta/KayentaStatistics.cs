namespace MeshCanary.Analysis.Kayenta;

/// <summary>What one arm's values of a metric look like after missing values and outliers are dealt with; all 0 without values.</summary>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="StandardDeviation">Sample standard deviation (N − 1); 0 for a single value.</param>
/// <param name="Count">Number of values.</param>
public sealed record KayentaStatistics(double Minimum, double Maximum, double Mean, double StandardDeviation, int Count)
{
    /// <summary>
    /// Statistics of any values. Mean and variance are computed in two passes with the remainder of the first carried over
    /// (Chan, Golub &amp; LeVeque 1983, <em>Algorithms for computing the sample variance</em>, The American Statistician 37(3)).
    /// </summary>
    public static KayentaStatistics Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return new KayentaStatistics(0, 0, 0, 0, 0);
        var mean = MeanOf(values);
        double low = values[0], high = values[0], squares = 0, remainder = 0;
        foreach (var value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
            squares += (value - mean) * (value - mean);
            remainder += value - mean;
        }

        var variance = values.Length == 1 ? 0 : (squares - (remainder * remainder / values.Length)) / (values.Length - 1);
        return new KayentaStatistics(low, high, mean, Math.Sqrt(variance), values.Length);
    }

    /// <summary>The arithmetic mean in two passes; NaN without values.</summary>
    internal static double MeanOf(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        var remainder = 0.0;
        foreach (var value in values)
            remainder += value - mean;
        return mean + (remainder / values.Length);
    }
}
