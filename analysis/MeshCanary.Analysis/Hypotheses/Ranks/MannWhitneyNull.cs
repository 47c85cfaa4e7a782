using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// The exact distribution of U when the arms do not differ and no two values are equal: f(u; n, m)/C(n+m, n) with
/// f(u; n, m) = f(u−m; n−1, m) + f(u; n, m−1) (Mann and Whitney 1947). Sums of positive numbers only, so the smallest
/// probability is as exact as the largest (relative error below (n+m)·2⁻⁵²). Pure and thread-safe.
/// </summary>
public static class MannWhitneyNull
{
    /// <summary>Largest nm that is counted: some milliseconds and 4 MB of borrowed memory.</summary>
    public const int MaxPairs = 10_000;

    // 1 − 0.95 and its like are not what was meant to the last digit.
    private const double Fuzz = 1e-9;

    /// <summary>Arrangements with U = 0, 1, …, nm. Whole numbers, exact up to 2⁵³ and rounded beyond.</summary>
    /// <param name="canary">n ≥ 1.</param>
    /// <param name="stable">m ≥ 1, with nm ≤ <see cref="MaxPairs"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sizes are outside their ranges.</exception>
    public static double[] Counts(int canary, int stable)
    {
        var pairs = Pairs(canary, stable);
        var counts = new double[pairs + 1];
        Fill(canary, stable, counts.AsSpan(0, (pairs / 2) + 1));
        for (var u = (pairs / 2) + 1; u <= pairs; u++)
            counts[u] = counts[pairs - u];
        return counts;
    }

    /// <summary>P(U ≤ u); 0 below 0 and 1 from nm on. P(U ≥ u) is P(U ≤ nm − u).</summary>
    /// <param name="canary">n ≥ 1.</param>
    /// <param name="stable">m ≥ 1, with nm ≤ <see cref="MaxPairs"/>.</param>
    /// <param name="u">Number of pairs.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sizes are outside their ranges.</exception>
    public static double Lower(int canary, int stable, long u)
    {
        var pairs = Pairs(canary, stable);
        if (u < 0)
            return 0;
        if (u >= pairs)
            return 1;
        return u > pairs / 2 ? 1 - Tail(canary, stable, (int)(pairs - u - 1)) : Tail(canary, stable, (int)u);
    }

    /// <summary>The smallest u with P(U ≤ u) ≥ p, as R's <c>qwilcox</c>. A probability within 10⁻⁹·p below p counts as reaching it.</summary>
    /// <param name="canary">n ≥ 1.</param>
    /// <param name="stable">m ≥ 1, with nm ≤ <see cref="MaxPairs"/>.</param>
    /// <param name="p">In (0, ½].</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static int Quantile(int canary, int stable, double p)
    {
        if (!(p is > 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(p), p, "The probability of a lower quantile is in (0, 0.5].");
        var pairs = Pairs(canary, stable);
        var half = ArrayPool<double>.Shared.Rent((pairs / 2) + 1);
        var counts = half.AsSpan(0, (pairs / 2) + 1);
        Fill(canary, stable, counts);
        var wanted = p * (1 - Fuzz) * Arrangements(canary, stable);
        var u = 0;
        for (var sum = counts[0]; sum < wanted && u < pairs / 2; sum += counts[u])
            u++;
        ArrayPool<double>.Shared.Return(half);
        return u;
    }

    private static int Pairs(int canary, int stable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(canary, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stable, 1);
        var pairs = (long)canary * stable;
        return pairs <= MaxPairs
            ? (int)pairs
            : throw new ArgumentOutOfRangeException(nameof(canary), $"{canary} times {stable} is more than the {MaxPairs} pairs that are counted.");
    }

    private static double Tail(int canary, int stable, int u)
    {
        var rented = ArrayPool<double>.Shared.Rent(u + 1);
        var counts = rented.AsSpan(0, u + 1);
        Fill(canary, stable, counts);
        var sum = 0.0;
        foreach (var count in counts)
            sum += count;
        ArrayPool<double>.Shared.Return(rented);
        return sum / Arrangements(canary, stable);
    }

    private static double Arrangements(int canary, int stable)
    {
        var (few, many) = (Math.Min(canary, stable), Math.Max(canary, stable));
        var result = 1.0;
        for (var i = 1; i <= few; i++)
            result = result * (many + i) / i;
        return result;
    }

    /// <summary>
    /// Fills f(0), …, f(counts − 1). One row per size of the smaller arm; the larger arm grows by one value per pass, in
    /// place: f(u; i, j) = f(u; i, j−1) + f(u−j; i−1, j), and the row i−1 is already at j.
    /// </summary>
    private static void Fill(int canary, int stable, Span<double> counts)
    {
        var (few, many) = (Math.Min(canary, stable), Math.Max(canary, stable));
        var width = counts.Length;
        var rented = ArrayPool<double>.Shared.Rent((few + 1) * width);
        var rows = rented.AsSpan(0, (few + 1) * width);
        rows.Clear();
        for (var i = 0; i <= few; i++)
            rows[i * width] = 1;
        for (var j = 1; j <= many; j++)
        {
            for (var i = 1; i <= few; i++)
            {
                var end = (int)Math.Min(width, ((long)i * j) + 1);
                if (end > j)
                    Add(rows.Slice((i * width) + j, end - j), rows.Slice((i - 1) * width, end - j));
            }
        }

        rows.Slice(few * width, width).CopyTo(counts);
        ArrayPool<double>.Shared.Return(rented);
    }

    private static void Add(Span<double> target, ReadOnlySpan<double> terms)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(target);
        var wideTerms = MemoryMarshal.Cast<double, Vector<double>>(terms);
        for (var i = 0; i < wide.Length; i++)
            wide[i] += wideTerms[i];
        for (var i = wide.Length * Vector<double>.Count; i < target.Length; i++)
            target[i] += terms[i];
    }
}
