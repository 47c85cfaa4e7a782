namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// How the ranks of the two arms lie to each other: U with midranks, the ties, and the effect sizes that follow from U
/// alone. Everything is kept as whole numbers, so nothing is rounded before the last division. Immutable.
/// </summary>
public readonly record struct RankComparison
{
    internal RankComparison(int canary, int stable, long doubledU, Int128 tieTerm)
    {
        CanaryCount = canary;
        StableCount = stable;
        DoubledU = doubledU;
        TieTerm = tieTerm;
    }

    /// <summary>Values of the canary, n; at least 1.</summary>
    public int CanaryCount { get; }

    /// <summary>Values of stable, m; at least 1.</summary>
    public int StableCount { get; }

    /// <summary>2U, a whole number: pairs in which the canary is larger count 2, equal pairs 1.</summary>
    public long DoubledU { get; }

    /// <summary>Σ(t³ − t) over the groups of t equal values in both arms together; 0 without ties.</summary>
    public Int128 TieTerm { get; }

    /// <summary>
    /// Mann and Whitney's U of the canary (1947): the pairs in which the canary is larger, equal pairs counted half; in
    /// [0, nm]. The same as R_canary − n(n+1)/2 with midranks, and as W of R's <c>wilcox.test(canary, stable)</c>.
    /// </summary>
    public double U => DoubledU / 2.0;

    /// <summary>Whether any two values are equal, in whichever arms.</summary>
    public bool HasTies => TieTerm != 0;

    /// <summary>P(canary &gt; stable) + ½·P(equal) = U/(nm), in [0, 1]: A of Vargha and Delaney 2000, the common language effect size.</summary>
    public double CommonLanguage => DoubledU / (2.0 * Pairs);

    /// <summary>P(canary &gt; stable) − P(canary &lt; stable) = 2U/(nm) − 1, in [−1, 1]: δ of Cliff 1993.</summary>
    public double CliffsDelta => (DoubledU - Pairs) / (double)Pairs;

    /// <summary>
    /// Variance of U over all arrangements of these values: nm/12·((N+1) − Σ(t³−t)/(N(N−1))), N = n+m (Lehmann 1975,
    /// Nonparametrics, appendix). 0 exactly when all values are equal.
    /// </summary>
    public double Variance => VarianceWith(TieTerm);

    /// <summary>nm.</summary>
    internal long Pairs => (long)CanaryCount * StableCount;

    /// <summary>The variance that other ties than these would give. As one fraction of whole numbers: the difference of the textbook form loses digits.</summary>
    internal double VarianceWith(Int128 tieTerm)
    {
        Int128 total = (long)CanaryCount + StableCount;
        var untied = (total * total * total) - total;
        return Pairs / 12.0 * ((double)(untied - tieTerm) / (double)(total * (total - 1)));
    }

    /// <summary>Compares two sorted samples without NaN, both with values.</summary>
    internal static RankComparison OfSorted(ReadOnlySpan<double> canary, ReadOnlySpan<double> stable)
    {
        long doubled = 0;
        Int128 ties = 0;
        for (int i = 0, j = 0; i < canary.Length || j < stable.Length;)
        {
            var value = j == stable.Length || (i < canary.Length && canary[i] <= stable[j]) ? canary[i] : stable[j];
            var (fromCanary, fromStable) = (i, j);
            while (i < canary.Length && canary[i] == value)
                i++;
            while (j < stable.Length && stable[j] == value)
                j++;
            var (mine, theirs) = (i - fromCanary, j - fromStable);
            doubled += (long)mine * (fromStable + j);
            ties += TiesOf(mine + (long)theirs);
        }

        return new RankComparison(canary.Length, stable.Length, doubled, ties);
    }

    /// <summary>Σ(t³ − t) of one sorted arm alone.</summary>
    internal static Int128 TiesWithin(ReadOnlySpan<double> sorted)
    {
        Int128 ties = 0;
        for (int from = 0, to = 0; from < sorted.Length; from = to)
        {
            while (to < sorted.Length && sorted[to] == sorted[from])
                to++;
            ties += TiesOf(to - from);
        }

        return ties;
    }

    private static Int128 TiesOf(long group) => group < 2 ? 0 : ((Int128)group * group * group) - group;
}
