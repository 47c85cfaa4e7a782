using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// The shift between two arms: the median of all nm differences canary − stable (Hodges and Lehmann 1963), with the
/// interval of the differences of rank k and nm+1−k (Moses 1953; Hollander and Wolfe 1973, 4.2 and 4.3). Every order statistic
/// is the exact one, found without forming the differences. Pure and thread-safe.
/// </summary>
public static class HodgesLehmann
{
    // 1 − 0.9 is not 0.1 to the last digit, and 2·P(U = 0) may be exactly 0.1.
    private const double Fuzz = 1e-9;

    /// <summary>
    /// The median difference alone; NaN when an arm is empty or has NaN, or when the differences have no median: both arms
    /// hold the same infinity, or the two middle differences are opposite infinities.
    /// </summary>
    /// <param name="canary">Values of the canary, in any order.</param>
    /// <param name="stable">Values of stable, in any order.</param>
    public static double Shift(ReadOnlySpan<double> canary, ReadOnlySpan<double> stable)
    {
        using var arms = new SortedArms(canary, stable);
        Span<double> room = stackalloc double[PairwiseDifferences.Room];
        return arms.Problem is null && HasDifferences(arms) ? Median(new PairwiseDifferences(arms.Canary, arms.Stable, room)) : double.NaN;
    }

    /// <summary>
    /// The median difference and its two-sided interval [D_(k), D_(nm+1−k)], k at least 1; null where <see cref="Shift"/> is NaN.
    /// <list type="bullet">
    /// <item>2·P(U = 0) = 2/C(n+m, n) &gt; 1 − confidence: the whole line.</item>
    /// <item>No ties and nm ≤ 2500: k is the smallest u with P(U ≤ u) ≥ α/2, as in R's <c>wilcox.test</c>.</item>
    /// <item>Else k = ⌈nm/2 − ½ − z·σ⌉, z the upper α/2 point of the normal distribution and σ² the variance of U with the
    /// ties inside each arm, which are those that a shift leaves: where the equation that R solves by root finding changes sign.</item>
    /// </list>
    /// </summary>
    /// <param name="canary">Values of the canary, in any order.</param>
    /// <param name="stable">Values of stable, in any order.</param>
    /// <param name="confidence">Inside (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not inside (0, 1).</exception>
    public static ShiftEstimate? Estimate(ReadOnlySpan<double> canary, ReadOnlySpan<double> stable, double confidence = 0.95)
    {
        Asked.Check(confidence);
        using var arms = new SortedArms(canary, stable);
        return arms.Problem is null ? Estimate(arms, RankComparison.OfSorted(arms.Canary, arms.Stable), confidence) : null;
    }

    internal static ShiftEstimate? Estimate(in SortedArms arms, in RankComparison ranks, double confidence)
    {
        if (!HasDifferences(arms))
            return null;
        Span<double> room = stackalloc double[PairwiseDifferences.Room];
        var differences = new PairwiseDifferences(arms.Canary, arms.Stable, room);
        var median = Median(differences);
        if (double.IsNaN(median))
            return null;
        var alpha = 1 - confidence;
        if (!IsAttainable(ranks, alpha))
            return new ShiftEstimate(median, double.NegativeInfinity, double.PositiveInfinity, confidence, IntervalBasis.Unattainable);
        var basis = !ranks.HasTies && ranks.Pairs <= MannWhitney.ExactPairs ? IntervalBasis.Exact : IntervalBasis.Normal;
        var rank = Math.Max(1, basis == IntervalBasis.Exact
            ? MannWhitneyNull.Quantile(ranks.CanaryCount, ranks.StableCount, alpha / 2)
            : NormalRank(arms, ranks, alpha));
        return new ShiftEstimate(median, differences.Select(rank), differences.Select(ranks.Pairs + 1 - rank), confidence, basis);
    }

    private static long NormalRank(in SortedArms arms, in RankComparison ranks, double alpha)
    {
        var ties = RankComparison.TiesWithin(arms.Canary) + RankComparison.TiesWithin(arms.Stable);
        return (long)Math.Ceiling((ranks.Pairs / 2.0) - 0.5 - (NormalTail.UpperQuantile(alpha / 2) * Math.Sqrt(ranks.VarianceWith(ties))));
    }

    private static double Median(PairwiseDifferences differences)
    {
        var low = differences.Select((differences.Count + 1) / 2, out var high);
        if (differences.Count % 2 == 1 || low == high)
            return low;
        var middle = (low + high) / 2;
        return double.IsFinite(middle) || double.IsInfinity(low) || double.IsInfinity(high) ? middle : (low / 2) + (high / 2);
    }

    /// <summary>Whether 2·P(U = 0) = 2/C(n+m, n) is at most α.</summary>
    private static bool IsAttainable(in RankComparison ranks, double alpha)
    {
        var (few, many) = (Math.Min(ranks.CanaryCount, ranks.StableCount), Math.Max(ranks.CanaryCount, ranks.StableCount));
        var probability = 2.0;
        for (var i = 1; i <= few && probability > alpha * (1 + Fuzz); i++)
            probability *= i / (many + (double)i);
        return probability <= alpha * (1 + Fuzz);
    }

    // ∞ − ∞ has no value, and so no order among the differences.
    private static bool HasDifferences(in SortedArms arms) =>
        !(double.IsPositiveInfinity(arms.Canary[^1]) && double.IsPositiveInfinity(arms.Stable[^1]))
        && !(double.IsNegativeInfinity(arms.Canary[0]) && double.IsNegativeInfinity(arms.Stable[0]));
}
