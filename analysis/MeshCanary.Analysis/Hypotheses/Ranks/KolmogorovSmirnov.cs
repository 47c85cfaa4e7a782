using System.Globalization;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// The two-sample test of Kolmogorov (1933) and Smirnov (1939) for those who want just a number: any difference of two
/// distributions, not only of their place. Infinities are ordered like other values, NaN is not. Pure and thread-safe.
/// </summary>
public static class KolmogorovSmirnov
{
    /// <summary>Largest nm at which <see cref="KolmogorovSmirnovMethod.Automatic"/> is exact.</summary>
    public const int ExactPairs = 10_000;

    /// <summary>Largest nm at which <see cref="KolmogorovSmirnovMethod.Exact"/> is computed; the time grows with nm.</summary>
    public const int MaxExactPairs = 10_000_000;

    /// <summary>D, D⁺ and D⁻; null when an arm is empty or has NaN.</summary>
    /// <param name="canary">Values of the canary, in any order.</param>
    /// <param name="stable">Values of stable, in any order.</param>
    public static DistributionGap? Compare(ReadOnlySpan<double> canary, ReadOnlySpan<double> stable)
    {
        using var arms = new SortedArms(canary, stable);
        return arms.Problem is null ? DistributionGap.OfSorted(arms.Canary, arms.Stable) : null;
    }

    /// <summary>The p-value in [0, 1]; NaN when the data or the asked method do not allow one (<see cref="KolmogorovSmirnovTest"/> says why).</summary>
    /// <param name="canary">Values of the canary, in any order.</param>
    /// <param name="stable">Values of stable, in any order.</param>
    /// <param name="alternative">What counts as evidence; <see cref="Alternative.Greater"/> is D⁻, a canary that is larger.</param>
    /// <param name="method">Where the p-value comes from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The alternative or the method has no name.</exception>
    public static double PValue(
        ReadOnlySpan<double> canary,
        ReadOnlySpan<double> stable,
        Alternative alternative = Alternative.TwoSided,
        KolmogorovSmirnovMethod method = KolmogorovSmirnovMethod.Automatic)
    {
        Asked.Checked(alternative, nameof(alternative));
        Asked.Checked(method, nameof(method));
        using var arms = new SortedArms(canary, stable);
        if (arms.Problem is not null)
            return double.NaN;
        var gap = DistributionGap.OfSorted(arms.Canary, arms.Stable);
        method = Chosen(method, gap);
        return Refusal(method, gap) is null ? PValue(arms, gap, alternative, method) : double.NaN;
    }

    /// <summary>
    /// The limit for many values: Q(z) of <see cref="KolmogorovDistribution"/> two-sided and exp(−2z²) one-sided, with
    /// z = √(nm/(n+m)) times the distance of the alternative (Smirnov 1939).
    /// </summary>
    /// <param name="gap">What <see cref="Compare"/> returned.</param>
    /// <param name="alternative">What counts as evidence.</param>
    public static double AsymptoticPValue(in DistributionGap gap, Alternative alternative = Alternative.TwoSided)
    {
        var z = Math.Sqrt(gap.Pairs / ((double)gap.CanaryCount + gap.StableCount)) * gap.Of(Asked.Checked(alternative, nameof(alternative)));
        return alternative == Alternative.TwoSided ? KolmogorovDistribution.Survival(z) : Math.Exp(-2 * z * z);
    }

    internal static KolmogorovSmirnovMethod Chosen(KolmogorovSmirnovMethod asked, in DistributionGap gap) => asked switch
    {
        not KolmogorovSmirnovMethod.Automatic => asked,
        _ when gap.Pairs <= ExactPairs => KolmogorovSmirnovMethod.Exact,
        _ => KolmogorovSmirnovMethod.Asymptotic,
    };

    /// <summary>Why the asked method gives no p-value; null when it does.</summary>
    internal static string? Refusal(KolmogorovSmirnovMethod method, in DistributionGap gap) =>
        method == KolmogorovSmirnovMethod.Exact && gap.Pairs > MaxExactPairs
            ? string.Create(CultureInfo.InvariantCulture, $"Lattice paths are counted up to {MaxExactPairs} pairs, and there are {gap.Pairs}.")
            : null;

    internal static double PValue(in SortedArms arms, in DistributionGap gap, Alternative alternative, KolmogorovSmirnovMethod method) =>
        method == KolmogorovSmirnovMethod.Exact
            ? LatticePaths.PValue(arms.Canary, arms.Stable, gap.Whole(alternative), alternative)
            : AsymptoticPValue(gap, alternative);
}
