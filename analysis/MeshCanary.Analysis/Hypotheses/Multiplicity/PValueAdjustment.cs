namespace MeshCanary.Analysis.Hypotheses.Multiplicity;

/// <summary>
/// Adjusted p-values for many tests at once, in the order given: an adjusted p-value at or below α rejects at level α. As R's
/// <c>p.adjust</c>, without its silent dropping of missing values: the number of tests is part of the promise.
/// </summary>
public static class PValueAdjustment
{
    /// <summary>p·K, at most 1: family-wise error under any dependence (Bonferroni 1936; Dunn 1961).</summary>
    /// <exception cref="ArgumentException">A value is not a p-value.</exception>
    public static double[] Bonferroni(ReadOnlySpan<double> values)
    {
        RequirePValues(values);
        var adjusted = new double[values.Length];
        for (var i = 0; i < adjusted.Length; i++)
            adjusted[i] = Math.Min(1, values.Length * values[i]);
        return adjusted;
    }

    /// <summary>Step-down: running maximum of (K−i+1)·p_(i), family-wise error under any dependence (Holm 1979, Scand. J. Stat. 6:65).</summary>
    /// <exception cref="ArgumentException">A value is not a p-value.</exception>
    public static double[] Holm(ReadOnlySpan<double> values)
    {
        var (sorted, order) = Sorted(values);
        var adjusted = new double[sorted.Length];
        var highest = 0.0;
        for (var i = 0; i < sorted.Length; i++)
            adjusted[order[i]] = highest = Math.Max(highest, Math.Min(1, (sorted.Length - i) * sorted[i]));
        return adjusted;
    }

    /// <summary>Step-up: running minimum from the largest of p_(i)·K/i, false discovery rate under independence or positive regression dependence (Benjamini and Hochberg 1995, JRSS-B 57:289).</summary>
    /// <exception cref="ArgumentException">A value is not a p-value.</exception>
    public static double[] BenjaminiHochberg(ReadOnlySpan<double> values) => StepUp(values, 1);

    /// <summary>The same times Σ 1/i, false discovery rate under any dependence (Benjamini and Yekutieli 2001, Ann. Stat. 29:1165).</summary>
    /// <exception cref="ArgumentException">A value is not a p-value.</exception>
    public static double[] BenjaminiYekutieli(ReadOnlySpan<double> values)
    {
        var harmonic = 0.0;
        for (var i = values.Length; i >= 1; i--)
            harmonic += 1.0 / i;
        return StepUp(values, harmonic);
    }

    private static double[] StepUp(ReadOnlySpan<double> values, double factor)
    {
        var (sorted, order) = Sorted(values);
        var adjusted = new double[sorted.Length];
        var lowest = 1.0;
        for (var i = sorted.Length - 1; i >= 0; i--)
            adjusted[order[i]] = lowest = Math.Min(lowest, factor * sorted.Length / (i + 1) * sorted[i]);
        return adjusted;
    }

    private static (double[] Sorted, int[] Order) Sorted(ReadOnlySpan<double> values)
    {
        RequirePValues(values);
        var sorted = values.ToArray();
        var order = new int[sorted.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(sorted, order);
        return (sorted, order);
    }

    private static void RequirePValues(ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] is >= 0 and <= 1))
                throw new ArgumentException($"Value {i} is {values[i]}, which is not a p-value from 0 to 1; a test without an answer has to be settled before its family is.", nameof(values));
        }
    }
}
