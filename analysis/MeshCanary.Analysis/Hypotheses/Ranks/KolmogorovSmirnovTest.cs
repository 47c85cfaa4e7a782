namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>
/// Whether the canary's values have another distribution than stable's: the two-sample test of Kolmogorov (1933) and
/// Smirnov (1939). Its statistic is D, or the one-sided D⁻ for <see cref="Alternative.Greater"/> (a canary that is larger lies
/// below stable's distribution function) and D⁺ for <see cref="Alternative.Less"/>; it has no effect size of its own. Assumes
/// independent values. Infinities are ranked; NaN and empty arms are a problem.
/// </summary>
/// <param name="method">Where the p-value comes from.</param>
/// <exception cref="ArgumentOutOfRangeException">The method has no name.</exception>
public sealed class KolmogorovSmirnovTest(KolmogorovSmirnovMethod method = KolmogorovSmirnovMethod.Automatic) : IHypothesisTest<TwoSamples>
{
    private readonly KolmogorovSmirnovMethod _method = Asked.Checked(method, nameof(method));

    /// <inheritdoc/>
    public string Name => "kolmogorov-smirnov";

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
        var gap = DistributionGap.OfSorted(arms.Canary, arms.Stable);
        var method = KolmogorovSmirnov.Chosen(_method, gap);
        var refusal = KolmogorovSmirnov.Refusal(method, gap);
        return new HypothesisResult
        {
            Test = method == KolmogorovSmirnovMethod.Exact ? $"{Name}/exact" : $"{Name}/asymptotic",
            Alternative = options.Alternative,
            Statistic = gap.Of(options.Alternative),
            PValue = refusal is null ? KolmogorovSmirnov.PValue(arms, gap, options.Alternative, method) : null,
            Problem = refusal,
        };
    }
}
