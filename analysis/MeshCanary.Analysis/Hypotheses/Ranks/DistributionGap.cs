namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// How far the empirical distributions F of two arms are apart (Kolmogorov 1933; Smirnov 1939), kept as whole numbers of
/// 1/(nm). Immutable.
/// </summary>
public readonly record struct DistributionGap
{
    internal DistributionGap(int canary, int stable, long above, long below)
    {
        CanaryCount = canary;
        StableCount = stable;
        Above = above;
        Below = below;
    }

    /// <summary>Values of the canary, n; at least 1.</summary>
    public int CanaryCount { get; }

    /// <summary>Values of stable, m; at least 1.</summary>
    public int StableCount { get; }

    /// <summary>D⁺ = sup(F_canary − F_stable), in [0, 1]: large when the canary is smaller.</summary>
    public double Plus => Above / (double)Pairs;

    /// <summary>D⁻ = sup(F_stable − F_canary), in [0, 1]: large when the canary is larger.</summary>
    public double Minus => Below / (double)Pairs;

    /// <summary>D = sup|F_canary − F_stable| = max(D⁺, D⁻), in [0, 1].</summary>
    public double TwoSided => Math.Max(Above, Below) / (double)Pairs;

    /// <summary>nm·D⁺.</summary>
    internal long Above { get; }

    /// <summary>nm·D⁻.</summary>
    internal long Below { get; }

    /// <summary>nm.</summary>
    internal long Pairs => (long)CanaryCount * StableCount;

    /// <summary>The distance that is evidence for an alternative: D, D⁻ for a larger canary, D⁺ for a smaller one.</summary>
    /// <param name="alternative">What counts as evidence.</param>
    public double Of(Alternative alternative) => Whole(alternative) / (double)Pairs;

    /// <summary>nm times <see cref="Of"/>.</summary>
    internal long Whole(Alternative alternative) => alternative switch
    {
        Alternative.TwoSided => Math.Max(Above, Below),
        Alternative.Greater => Below,
        _ => Above,
    };

    /// <summary>Compares two sorted samples without NaN, both with values.</summary>
    internal static DistributionGap OfSorted(ReadOnlySpan<double> canary, ReadOnlySpan<double> stable)
    {
        var (above, below) = (0L, 0L);
        for (int i = 0, j = 0; i < canary.Length && j < stable.Length;)
        {
            var value = Math.Min(canary[i], stable[j]);
            while (i < canary.Length && canary[i] == value)
                i++;
            while (j < stable.Length && stable[j] == value)
                j++;
            var gap = ((long)i * stable.Length) - ((long)j * canary.Length);
            above = Math.Max(above, gap);
            below = Math.Max(below, -gap);
        }

        return new DistributionGap(canary.Length, stable.Length, above, below);
    }
}
