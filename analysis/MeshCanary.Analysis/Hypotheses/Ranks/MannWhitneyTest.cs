using System.Globalization;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// Whether values of the canary tend to be larger or smaller than those of stable: the rank sum test of Wilcoxon (1945) and
/// of Mann and Whitney (1947), with Hodges and Lehmann's shift as effect. Its statistic is U of the canary. Assumes
/// independent values; the shift also that the distributions differ by a shift only. Infinities are ranked; NaN and empty
/// arms are a problem. When all values are equal, p is 1: every arrangement is the observed one.
/// </summary>
/// <param name="method">Where the p-value comes from.</param>
/// <exception cref="ArgumentOutOfRangeException">The method has no name.</exception>
public sealed class MannWhitneyTest(MannWhitneyMethod method = MannWhitneyMethod.Automatic) : IHypothesisTest<TwoSamples>
{
    /// <summary>What <see cref="EffectEstimate.Measure"/> says.</summary>
    public const string Measure = "median difference";

    private readonly MannWhitneyMethod _method = Asked.Checked(method, nameof(method));

    /// <inheritdoc/>
    public string Name => "mann-whitney";

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The options are outside their ranges.</exception>
    public HypothesisResult Test(TwoSamples data, TestOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        Asked.Check(options);
        using var arms = new SortedArms(data.Canary.Span, data.Stable.Span);
        if (arms.Problem is not null)
            return new HypothesisResult { Test = Name, Alternative = options.Alternative, Problem = arms.Problem };
        var ranks = RankComparison.OfSorted(arms.Canary, arms.Stable);
        var method = MannWhitney.Chosen(_method, ranks);
        var refusal = MannWhitney.Refusal(method, ranks);
        var shift = HodgesLehmann.Estimate(arms, ranks, options.Confidence);
        return new HypothesisResult
        {
            Test = $"{Name}/{NameOf(method)}",
            Alternative = options.Alternative,
            Statistic = ranks.U,
            PValue = refusal is null ? MannWhitney.PValue(arms, ranks, options.Alternative, method) : null,
            Effect = shift is { } known ? new EffectEstimate(Measure, known.Value, known.Low, known.High, known.Confidence) : null,
            Problem = refusal ?? ProblemOf(shift, ranks, options.Confidence),
        };
    }

    private static string NameOf(MannWhitneyMethod method) => method switch
    {
        MannWhitneyMethod.Exact => "exact",
        MannWhitneyMethod.Permutation => "permutation",
        MannWhitneyMethod.Asymptotic => "asymptotic",
        _ => "asymptotic-uncorrected",
    };

    private static string? ProblemOf(ShiftEstimate? shift, in RankComparison ranks, double confidence) => shift switch
    {
        null => "The median difference is not defined: infinite values of both arms stand against each other.",
        { Basis: IntervalBasis.Unattainable } => string.Create(
            CultureInfo.InvariantCulture,
            $"{ranks.CanaryCount} against {ranks.StableCount} values bound no difference at {confidence * 100:0.####} % confidence, even when they are wholly apart."),
        _ => null,
    };
}
