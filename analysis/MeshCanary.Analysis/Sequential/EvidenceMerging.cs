namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// Several e-values made one, and the other way round. Vovk and Wang 2021, "E-values: calibration, combination and
/// applications", Ann. Stat. (average and closure); Wang and Ramdas 2022, JRSS-B (e-BH). All in natural logarithms;
/// weights are positive and need not sum to 1.
/// </summary>
public static class EvidenceMerging
{
    /// <summary>ln of the weighted mean: an e-value for "all nulls hold", whatever the dependence.</summary>
    /// <exception cref="ArgumentException">There is not one weight for each value.</exception>
    public static double Average(ReadOnlySpan<double> logs, ReadOnlySpan<double> weights)
    {
        RequireOneEach(logs.Length, weights.Length);
        var sum = double.NegativeInfinity;
        var total = 0.0;
        for (var m = 0; m < logs.Length; m++)
        {
            sum = LogMath.Add(sum, logs[m] + Math.Log(weights[m]));
            total += weights[m];
        }

        return sum - Math.Log(total);
    }

    /// <summary>
    /// ln of the closure-adjusted e-values: for each the smallest weighted mean over all sets that contain it, found by
    /// adding the smallest others one at a time. At ln(1/α) it names a culprit with family-wise error α.
    /// </summary>
    /// <exception cref="ArgumentException">There is not one weight, or no place in the result, for each value.</exception>
    public static void Closure(ReadOnlySpan<double> logs, ReadOnlySpan<double> weights, Span<double> adjusted)
    {
        RequireOneEach(logs.Length, weights.Length);
        RequireOneEach(logs.Length, adjusted.Length);
        Span<int> order = logs.Length <= 64 ? stackalloc int[logs.Length] : new int[logs.Length];
        Sort(logs, order);
        for (var k = 0; k < logs.Length; k++)
        {
            var sum = logs[k] + Math.Log(weights[k]);
            var total = weights[k];
            var least = logs[k];
            foreach (var m in order)
            {
                if (m == k)
                    continue;
                if (logs[m] >= least)
                    break;
                sum = LogMath.Add(sum, logs[m] + Math.Log(weights[m]));
                total += weights[m];
                least = Math.Min(least, sum - Math.Log(total));
            }

            adjusted[k] = least;
        }
    }

    /// <summary>Indices that e-BH rejects at false discovery rate α, strongest first: the k-th largest has E ≥ K/(k·α).</summary>
    public static int[] BenjaminiHochberg(ReadOnlySpan<double> logs, double alpha)
    {
        var order = new int[logs.Length];
        Sort(logs, order);
        Array.Reverse(order);
        for (var k = order.Length; k >= 1; k--)
        {
            if (logs[order[k - 1]] >= Math.Log(order.Length / (k * alpha)))
                return order[..k];
        }

        return [];
    }

    /// <summary>Indices with E ≥ K/α: Bonferroni, family-wise error α.</summary>
    public static int[] Bonferroni(ReadOnlySpan<double> logs, double alpha)
    {
        var rejected = new List<int>();
        for (var k = 0; k < logs.Length; k++)
        {
            if (logs[k] >= Math.Log(logs.Length / alpha))
                rejected.Add(k);
        }

        return [.. rejected];
    }

    private static void RequireOneEach(int values, int others)
    {
        if (others != values)
            throw new ArgumentException($"There are {values} values and {others} weights or places for a result; give one for each value.");
    }

    private static void Sort(ReadOnlySpan<double> logs, Span<int> order)
    {
        // Insertion sort: stable, no allocation, and there are a handful of metrics.
        for (var place = 0; place < order.Length; place++)
        {
            var hole = place;
            for (; hole > 0 && logs[order[hole - 1]] > logs[place]; hole--)
                order[hole] = order[hole - 1];
            order[hole] = place;
        }
    }
}
