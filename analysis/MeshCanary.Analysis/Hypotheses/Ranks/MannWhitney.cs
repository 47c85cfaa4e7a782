using MeshCanary.Analysis.Numerics;
using System.Globalization;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// The rank sum test of Wilcoxon (1945) and of Mann and Whitney (1947) for those who want just a number. Needs values that
/// can be ordered, nothing about their distribution; infinities are ordered, NaN is not. Pure and thread-safe.
/// </summary>
public static class MannWhitney
{
    /// <summary>Largest nm at which <see cref="MannWhitneyMethod.Automatic"/> is exact without ties.</summary>
    public const int ExactPairs = 2500;

    /// <summary>U, ties and effect sizes; null when an arm is empty or has NaN.</summary>
    /// <param name="canary">Values of the canary, in any order.</param>
    /// <param name="stable">Values of stable, in any order.</param>
    public static RankComparison? Compare(ReadOnlySpan<double> canary, ReadOnlySpan<double> stable)
    {
        using var arms = new SortedArms(canary, stable);
        return arms.Problem is null ? RankComparison.OfSorted(arms.Canary, arms.Stable) : null;
    }

    /// <summary>The p-value in [0, 1]; NaN when the data or the asked method do not allow one (<see cref="MannWhitneyTest"/> says why).</summary>
    /// <param name="canary">Values of the canary, in any order.</param>
    /// <param name="stable">Values of stable, in any order.</param>
    /// <param name="alternative">What counts as evidence.</param>
    /// <param name="method">Where the p-value comes from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The alternative or the method has no name.</exception>
    public static double PValue(
        ReadOnlySpan<double> canary, ReadOnlySpan<double> stable, Alternative alternative = Alternative.TwoSided, MannWhitneyMethod method = MannWhitneyMethod.Automatic)
    {
        Asked.Checked(alternative, nameof(alternative));
        Asked.Checked(method, nameof(method));
        using var arms = new SortedArms(canary, stable);
        if (arms.Problem is not null)
            return double.NaN;
        var ranks = RankComparison.OfSorted(arms.Canary, arms.Stable);
        method = Chosen(method, ranks);
        return Refusal(method, ranks) is null ? PValue(arms, ranks, alternative, method) : double.NaN;
    }

    /// <summary>
    /// The normal approximation: z = (|U − nm/2| − c)/σ two-sided, (U − nm/2 − c)/σ for <see cref="Alternative.Greater"/>,
    /// c = ½ with the continuity correction, σ² of <see cref="RankComparison.Variance"/>; at most 1. When all values are
    /// equal, σ = 0 and every arrangement is the observed one: 1.
    /// </summary>
    /// <param name="ranks">What <see cref="Compare"/> returned.</param>
    /// <param name="alternative">What counts as evidence.</param>
    /// <param name="corrected">Whether with continuity correction.</param>
    public static double AsymptoticPValue(in RankComparison ranks, Alternative alternative = Alternative.TwoSided, bool corrected = true) =>
        Deviate(ranks, alternative, corrected) is { } z ? Math.Min(1, Sides(alternative) * NormalTail.Upper(z)) : 1;

    /// <summary>Natural logarithm of <see cref="AsymptoticPValue"/>, also where that is too small for a double (below 10⁻³⁰⁸).</summary>
    /// <param name="ranks">What <see cref="Compare"/> returned.</param>
    /// <param name="alternative">What counts as evidence.</param>
    /// <param name="corrected">Whether with continuity correction.</param>
    public static double AsymptoticLogPValue(in RankComparison ranks, Alternative alternative = Alternative.TwoSided, bool corrected = true) =>
        Deviate(ranks, alternative, corrected) is { } z ? Math.Min(0, Math.Log(Sides(alternative)) + NormalTail.LogUpper(z)) : 0;

    internal static MannWhitneyMethod Chosen(MannWhitneyMethod asked, in RankComparison ranks) => asked switch
    {
        not MannWhitneyMethod.Automatic => asked,
        _ when !ranks.HasTies && ranks.Pairs <= ExactPairs => MannWhitneyMethod.Exact,
        _ when Arrangements.Count(ranks.CanaryCount, ranks.StableCount) is not null => MannWhitneyMethod.Permutation,
        _ => MannWhitneyMethod.Asymptotic,
    };

    /// <summary>Why the asked method gives no p-value for such ranks; null when it does.</summary>
    internal static string? Refusal(MannWhitneyMethod method, in RankComparison ranks) => method switch
    {
        MannWhitneyMethod.Exact when ranks.HasTies => "The exact distribution of U is one without ties, and there are equal values.",
        MannWhitneyMethod.Exact when ranks.Pairs > MannWhitneyNull.MaxPairs => string.Create(
            CultureInfo.InvariantCulture, $"The exact distribution of U is counted up to {MannWhitneyNull.MaxPairs} pairs, and there are {ranks.Pairs}."),
        MannWhitneyMethod.Permutation when Arrangements.Count(ranks.CanaryCount, ranks.StableCount) is null => string.Create(
            CultureInfo.InvariantCulture, $"Up to {Arrangements.Max} arrangements are walked through, and {ranks.CanaryCount} against {ranks.StableCount} values have more."),
        _ => null,
    };

    internal static double PValue(in SortedArms arms, in RankComparison ranks, Alternative alternative, MannWhitneyMethod method) => method switch
    {
        MannWhitneyMethod.Exact => ExactPValue(ranks, alternative),
        MannWhitneyMethod.Permutation => Arrangements.PValue(arms.Canary, arms.Stable, alternative),
        MannWhitneyMethod.Asymptotic => AsymptoticPValue(ranks, alternative),
        _ => AsymptoticPValue(ranks, alternative, corrected: false),
    };

    private static double ExactPValue(in RankComparison ranks, Alternative alternative)
    {
        // Without ties U is whole. The distribution is symmetric about nm/2.
        var (u, pairs) = (ranks.DoubledU / 2, ranks.Pairs);
        var extreme = alternative switch
        {
            Alternative.TwoSided => Math.Min(u, pairs - u),
            Alternative.Greater => pairs - u,
            _ => u,
        };
        return Math.Min(1, Sides(alternative) * MannWhitneyNull.Lower(ranks.CanaryCount, ranks.StableCount, extreme));
    }

    private static double? Deviate(in RankComparison ranks, Alternative alternative, bool corrected)
    {
        Asked.Checked(alternative, nameof(alternative));
        var variance = ranks.Variance;
        if (variance <= 0)
            return null;
        var deviation = (ranks.DoubledU - ranks.Pairs) / 2.0;
        var towards = alternative switch
        {
            Alternative.TwoSided => Math.Abs(deviation),
            Alternative.Greater => deviation,
            _ => -deviation,
        };
        return (towards - (corrected ? 0.5 : 0)) / Math.Sqrt(variance);
    }

    private static int Sides(Alternative alternative) => alternative == Alternative.TwoSided ? 2 : 1;
}
