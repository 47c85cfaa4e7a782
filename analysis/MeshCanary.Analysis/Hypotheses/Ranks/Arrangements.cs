using System.Buffers;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// All C(N, k) ways in which the pooled midranks could have fallen to the smaller arm, counted by how extreme the canary's
/// U would be: the permutation test given the ties (Lehmann 1975, Nonparametrics, 1.4; Fisher's principle).
/// </summary>
internal ref struct Arrangements
{
    /// <summary>The most that are walked through: some milliseconds.</summary>
    public const long Max = 1_000_000;

    private readonly ReadOnlySpan<long> _doubledRanks;
    private readonly long _observed;
    private readonly long _deviation;
    private readonly long _centre;

    private Arrangements(ReadOnlySpan<long> doubledRanks, long observed, long centre)
    {
        _doubledRanks = doubledRanks;
        _observed = observed;
        _centre = centre;
        _deviation = Math.Abs(observed - centre);
    }

    /// <summary>Arrangements in which the smaller arm's rank sum is at least the observed one.</summary>
    public long AtLeast { get; private set; }

    /// <summary>Arrangements in which it is at most the observed one.</summary>
    public long AtMost { get; private set; }

    /// <summary>Arrangements in which it is as far from its expectation as the observed one, to either side.</summary>
    public long AsFar { get; private set; }

    /// <summary>All of them.</summary>
    public long Total { get; private set; }

    /// <summary>C(canary + stable, canary), or null when that is more than <see cref="Max"/>.</summary>
    public static long? Count(int canary, int stable)
    {
        var (few, many) = (Math.Min(canary, stable), Math.Max(canary, stable));
        long count = 1;
        for (var i = 1; i <= few; i++)
        {
            count = count * (many + (long)i) / i;
            if (count > Max)
                return null;
        }

        return count;
    }

    /// <summary>The probability under "no difference" of a U at least as extreme as the observed one.</summary>
    public static double PValue(ReadOnlySpan<double> canary, ReadOnlySpan<double> stable, Alternative alternative)
    {
        // The smaller arm is dealt; when that is stable, the canary is large where stable's rank sum is small.
        var swapped = stable.Length < canary.Length;
        var few = swapped ? stable : canary;
        var many = swapped ? canary : stable;
        var total = few.Length + many.Length;
        var rented = ArrayPool<long>.Shared.Rent(total);
        var ranks = rented.AsSpan(0, total);
        var observed = Rank(few, many, ranks);
        var walk = new Arrangements(ranks, observed, few.Length * (total + 1L));
        walk.Deal(0, few.Length, 0);
        ArrayPool<long>.Shared.Return(rented);
        var extreme = alternative switch
        {
            Alternative.TwoSided => walk.AsFar,
            Alternative.Greater => swapped ? walk.AtMost : walk.AtLeast,
            _ => swapped ? walk.AtLeast : walk.AtMost,
        };
        return extreme / (double)walk.Total;
    }

    /// <summary>Twice the midranks of the pooled values, upwards; returns twice the rank sum of the first arm.</summary>
    private static long Rank(ReadOnlySpan<double> few, ReadOnlySpan<double> many, Span<long> doubledRanks)
    {
        long sum = 0;
        for (int i = 0, j = 0; i + j < doubledRanks.Length;)
        {
            var value = j == many.Length || (i < few.Length && few[i] <= many[j]) ? few[i] : many[j];
            var (first, before) = (i, i + j);
            while (i < few.Length && few[i] == value)
                i++;
            while (j < many.Length && many[j] == value)
                j++;
            var rank = before + i + j + 1L;
            doubledRanks[before..(i + j)].Fill(rank);
            sum += (i - first) * rank;
        }

        return sum;
    }

    // At most eleven deep: C(22, 11) is the last below a million with more than ten to deal.
    private void Deal(int from, int left, long sum)
    {
        for (var i = from; i <= _doubledRanks.Length - left; i++)
        {
            var next = sum + _doubledRanks[i];
            if (left > 1)
                Deal(i + 1, left - 1, next);
            else
                Take(next);
        }
    }

    private void Take(long sum)
    {
        Total++;
        AtLeast += sum >= _observed ? 1 : 0;
        AtMost += sum <= _observed ? 1 : 0;
        AsFar += Math.Abs(sum - _centre) >= _deviation ? 1 : 0;
    }
}
