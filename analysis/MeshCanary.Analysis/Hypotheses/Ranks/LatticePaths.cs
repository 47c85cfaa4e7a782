using System.Buffers;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// The exact distribution of the two-sample Kolmogorov-Smirnov distance given the ties: an arrangement of the pooled values
/// is a path of n steps right and m steps up, all C(n+m, n) paths are equally likely, and the distance is looked at where a
/// group of equal values ends (Hodges 1957; with ties Schröer and Trenkler 1995).
/// </summary>
internal static class LatticePaths
{
    /// <summary>
    /// P(distance ≥ observed). h(i, j) is the probability that a random path to (i, j) has been as far away as observed:
    /// 1 where (i, j) itself is, else i/(i+j)·h(i−1, j) + j/(i+j)·h(i, j−1). Only sums of positive numbers, so a small
    /// tail keeps its digits.
    /// </summary>
    public static double PValue(ReadOnlySpan<double> canary, ReadOnlySpan<double> stable, long observed, Alternative alternative)
    {
        if (observed == 0)
            return 1;
        var (n, m) = (canary.Length, stable.Length);
        var ends = ArrayPool<bool>.Shared.Rent(n + m + 1);
        var row = ArrayPool<double>.Shared.Rent(m + 1);
        MarkEnds(canary, stable, ends);
        for (var i = 0; i <= n; i++)
        {
            for (var j = 0; j <= m; j++)
            {
                if (ends[i + j] && Distance(((long)i * m) - ((long)j * n), alternative) >= observed)
                    row[j] = 1;
                else if (i == 0)
                    row[j] = j == 0 ? 0 : row[j - 1];
                else if (j > 0)
                    row[j] = ((i * row[j]) + (j * row[j - 1])) / (i + j);
            }
        }

        var result = row[m];
        ArrayPool<bool>.Shared.Return(ends);
        ArrayPool<double>.Shared.Return(row);
        return Math.Min(1, result);
    }

    private static long Distance(long gap, Alternative alternative) => alternative switch
    {
        Alternative.TwoSided => Math.Abs(gap),
        Alternative.Greater => -gap,
        _ => gap,
    };

    /// <summary>Marks after how many pooled values a group of equal ones is complete.</summary>
    private static void MarkEnds(ReadOnlySpan<double> canary, ReadOnlySpan<double> stable, Span<bool> ends)
    {
        ends.Clear();
        ends[0] = true;
        for (int i = 0, j = 0; i < canary.Length || j < stable.Length;)
        {
            var value = j == stable.Length || (i < canary.Length && canary[i] <= stable[j]) ? canary[i] : stable[j];
            while (i < canary.Length && canary[i] == value)
                i++;
            while (j < stable.Length && stable[j] == value)
                j++;
            ends[i + j] = true;
        }
    }
}
