namespace MeshCanary.Analysis.Simulator.Procedures;

/// <summary>
/// Kayenta's label "High" for two samples with its defaults (98 % interval, tolerance a quarter of the estimate, mean ratio
/// at least 1): whether L &gt; 0.25·|H|, L the lower end of the normal-approximation Mann-Whitney interval (continuity
/// correction, tie variance) and H the Hodges-Lehmann estimate. L is the root of a falling function g, so that one
/// evaluation of g decides on which side of a number it lies, without the original's root search and its absolute tolerance
/// of 1e-4. H is the exact median of all differences.
/// </summary>
internal sealed class RankShift
{
    private const double Normal99 = 2.3263478740408408;
    private const double Tolerance = 0.25;

    private double[] _differences = new double[64 * 64];
    private double[] _pooled = new double[128];
    private double[] _sorted = new double[64];
    private double[] _shifted = new double[64];

    /// <summary>Whether the canary's points are High; false without points on either side.</summary>
    public bool IsHigh(ReadOnlySpan<double> canary, ReadOnlySpan<double> other)
    {
        if (canary.IsEmpty || other.IsEmpty)
            return false;
        Grow(canary.Length, other.Length);

        // Where not even a shift of 0 is excluded, L lies below 0 and every tolerance.
        if (!(Standing(canary, other, 0) > Normal99) && !IsApart(canary, other, 0))
            return false;
        if (Mean(other) != 0 && Mean(canary) != 0 && Mean(canary) / Mean(other) < 1)
            return false;
        var bound = Tolerance * Math.Abs(MedianDifference(canary, other));
        return Standing(canary, other, bound) > Normal99 || IsApart(canary, other, bound);
    }

    /// <summary>
    /// With few points even complete separation is not significant; Kayenta's interval then ends at the smallest difference
    /// there is.
    /// </summary>
    private bool IsApart(ReadOnlySpan<double> canary, ReadOnlySpan<double> other, double bound)
    {
        var least = Least(canary) - Most(other);
        return least > bound && Standing(canary, other, least) <= Normal99;
    }

    /// <summary>(W − ½·sgn W)/σ of the canary shifted down by <paramref name="shift"/>; not a number without spread.</summary>
    private double Standing(ReadOnlySpan<double> canary, ReadOnlySpan<double> other, double shift)
    {
        var (n, m) = (canary.Length, other.Length);
        var shifted = _shifted.AsSpan(0, n);
        var sorted = _sorted.AsSpan(0, m);
        for (var i = 0; i < n; i++)
            shifted[i] = canary[i] - shift;
        other.CopyTo(sorted);
        shifted.Sort();
        sorted.Sort();

        // Half a point for a tie: the sum of midranks less its smallest value.
        var w = 0.0;
        for (int i = 0, below = 0, upTo = 0; i < n; i++)
        {
            while (below < m && sorted[below] < shifted[i])
                below++;
            while (upTo < m && sorted[upTo] <= shifted[i])
                upTo++;
            w += (below + upTo) / 2.0;
        }

        w -= n * m / 2.0;
        double total = n + m;
        var variance = n * m / 12.0 * (total + 1 - (Ties(shifted, sorted) / (total * (total - 1))));
        return variance <= 0 ? double.NaN : (w - (0.5 * Math.Sign(w))) / Math.Sqrt(variance);
    }

    /// <summary>Σ t³ − t over the groups of equal values.</summary>
    private double Ties(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var all = _pooled.AsSpan(0, first.Length + second.Length);
        first.CopyTo(all);
        second.CopyTo(all[first.Length..]);
        all.Sort();
        var sum = 0.0;
        for (int from = 0, to = 1; from < all.Length; from = to++)
        {
            while (to < all.Length && all[to] == all[from])
                to++;
            double t = to - from;
            sum += (t * t * t) - t;
        }

        return sum;
    }

    private double MedianDifference(ReadOnlySpan<double> canary, ReadOnlySpan<double> other)
    {
        var all = _differences.AsSpan(0, canary.Length * other.Length);
        var next = 0;
        foreach (var x in canary)
        {
            foreach (var y in other)
                all[next++] = x - y;
        }

        all.Sort();
        return (all[(all.Length - 1) / 2] + all[all.Length / 2]) / 2;
    }

    private void Grow(int canary, int other)
    {
        if (_shifted.Length < canary)
            _shifted = new double[canary];
        if (_sorted.Length < other)
            _sorted = new double[other];
        if (_pooled.Length < canary + other)
            _pooled = new double[canary + other];
        if (_differences.Length < canary * other)
            _differences = new double[canary * other];
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }

    private static double Least(ReadOnlySpan<double> values)
    {
        var least = double.PositiveInfinity;
        foreach (var value in values)
            least = Math.Min(least, value);
        return least;
    }

    private static double Most(ReadOnlySpan<double> values)
    {
        var most = double.NegativeInfinity;
        foreach (var value in values)
            most = Math.Max(most, value);
        return most;
    }
}
