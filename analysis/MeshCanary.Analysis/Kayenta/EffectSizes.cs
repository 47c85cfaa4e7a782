namespace MeshCanary.Analysis.Kayenta;

/// <summary>How large a difference is, apart from how sure it is.</summary>
internal static class EffectSizes
{
    /// <summary>Mean of the experiment by mean of the control; NaN when either is 0.</summary>
    public static double MeanRatio(ReadOnlySpan<double> control, ReadOnlySpan<double> experiment)
    {
        var (below, above) = (KayentaStatistics.MeanOf(control), KayentaStatistics.MeanOf(experiment));
        return below == 0 || above == 0 ? double.NaN : above / below;
    }

    /// <summary>
    /// The common language effect size P(X &gt; Y) + P(X = Y)/2 (Vargha &amp; Delaney 2000, <em>A critique and improvement of
    /// the CL common language effect size statistics of McGraw and Wong</em>, Journal of Educational and Behavioral
    /// Statistics 25(2)), by counting pairs.
    /// </summary>
    public static double Cles(SortedPair pair)
    {
        var (x, y) = (pair.Experiment, pair.Control);
        var halves = 0L;
        int below = 0, upTo = 0;
        foreach (var value in x)
        {
            while (below < y.Length && y[below] < value)
                below++;
            while (upTo < y.Length && y[upTo] <= value)
                upTo++;
            halves += below + (long)upTo;
        }

        return halves / (2.0 * x.Length * y.Length);
    }
}
