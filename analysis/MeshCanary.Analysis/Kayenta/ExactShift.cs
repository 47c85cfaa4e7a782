namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// The interval of the second version: order statistics of all differences x_i − y_j, so it scales with the data and has
/// no tolerance. The estimate is their median (Hodges &amp; Lehmann 1963, <em>Estimates of location based on rank tests</em>).
/// With ties the closed interval covers at least as often as stated (Noether 1967, <em>Wilcoxon confidence intervals for
/// location parameters in the discrete case</em>, JASA 62).
/// </summary>
internal static class ExactShift
{
    /// <param name="pair">Both arms, finite.</param>
    /// <param name="rank">The rank at which the interval begins, from <see cref="RankSumQuantile"/>.</param>
    public static ShiftInterval Of(SortedPair pair, long rank)
    {
        var pairs = (long)pair.Control.Length * pair.Experiment.Length;
        var middle = Difference(pair, (pairs + 1) / 2);
        if (pairs % 2 == 0)
            middle = (middle / 2) + (Difference(pair, (pairs / 2) + 1) / 2);
        return new ShiftInterval(Difference(pair, rank), Difference(pair, pairs + 1 - rank), middle);
    }

    /// <summary>
    /// The rank-th smallest difference, exactly: bisection over the floating point numbers themselves, of which fewer than
    /// 2^64 lie between the least and the greatest difference, counting the differences up to each in one pass.
    /// </summary>
    private static double Difference(SortedPair pair, long rank)
    {
        var (low, high) = (Order(pair.LeastShift), Order(pair.GreatestShift));
        while (low < high)
        {
            var middle = (low & high) + ((low ^ high) >> 1);
            if (CountUpTo(pair, Number(middle)) >= rank)
                high = middle;
            else
                low = middle + 1;
        }

        return Number(low);
    }

    private static long CountUpTo(SortedPair pair, double limit)
    {
        var y = pair.Control;
        var count = 0L;
        var first = 0;
        foreach (var x in pair.Experiment)
        {
            while (first < y.Length && x - y[first] > limit)
                first++;
            count += y.Length - first;
        }

        return count;
    }

    /// <summary>A whole number for every floating point number, in the same order.</summary>
    private static long Order(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        return bits >= 0 ? bits : long.MinValue - bits;
    }

    private static double Number(long order) => BitConverter.Int64BitsToDouble(order >= 0 ? order : long.MinValue - order);
}
