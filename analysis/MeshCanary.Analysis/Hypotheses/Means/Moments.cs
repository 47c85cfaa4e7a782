namespace MeshCanary.Analysis.Hypotheses.Means;

/// <summary>
/// Mean and sample variance of one arm, from an origin that both arms share, so that a small difference of large values keeps its
/// digits, and in units of a common power of two, so that squares of huge values stay finite.
/// </summary>
internal readonly record struct Moments(int Count, double Mean, double Variance)
{
    /// <summary>The power of two that brings the largest value of both arms near 1; dividing by it loses no digit of a normal number.</summary>
    public static int CommonExponent(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var largest = Math.Max(Largest(first), Largest(second));
        return largest > 0 ? Math.ILogB(largest) : 0;
    }

    /// <summary>Two passes with the correction of Chan, Golub and LeVeque (1983): what the rounded mean leaves over is taken off again.</summary>
    public static Moments Of(ReadOnlySpan<double> values, double origin, int exponent)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += Math.ScaleB(value, -exponent) - origin;
        var mean = sum / values.Length;
        var (squares, rest) = (0.0, 0.0);
        foreach (var value in values)
        {
            var off = Math.ScaleB(value, -exponent) - origin - mean;
            squares += off * off;
            rest += off;
        }

        return new Moments(values.Length, mean + (rest / values.Length), values.Length < 2 ? double.NaN : (squares - (rest * rest / values.Length)) / (values.Length - 1));
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
