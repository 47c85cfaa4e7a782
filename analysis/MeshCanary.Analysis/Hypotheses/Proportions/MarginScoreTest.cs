namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>
/// Score test of p_c − p_b against a margin d instead of zero. Greater asks whether the canary is worse than the margin (null
/// hypothesis p_c − p_b ≤ d), less whether it is not inferior (null hypothesis p_c − p_b ≥ d), two-sided whether the difference is
/// not d. A negative margin asks for superiority. Asymptotic, good from some five expected events on; the effect is
/// p_c − p_b with the score interval that the test inverts. With d = 0 and no event, or only events, the score is 0/0 and
/// there is no p-value. Immutable and thread-safe.
/// </summary>
public sealed class MarginScoreTest : IHypothesisTest<TwoProportions>
{
    private readonly bool _unbiased;

    private MarginScoreTest(string name, double margin, bool unbiased)
    {
        DifferenceScore.RequireDifference(margin, nameof(margin));
        (Name, Margin, _unbiased) = (name, margin, unbiased);
    }

    /// <summary>The test of Farrington and Manning (1990).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The margin, a fraction, is not inside (−1, 1).</exception>
    public static MarginScoreTest FarringtonManning(double margin) => new("farrington-manning", margin, false);

    /// <summary>The test of Miettinen and Nurminen (1985), whose score is smaller by √((N − 1)/N).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The margin, a fraction, is not inside (−1, 1).</exception>
    public static MarginScoreTest MiettinenNurminen(double margin) => new("miettinen-nurminen", margin, true);

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The difference d that is tested, as a fraction: 0.005 is half a percentage point.</summary>
    public double Margin { get; }

    /// <inheritdoc/>
    public HypothesisResult Test(TwoProportions data, TestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var interval = DifferenceScore.Interval(data, options.Confidence, _unbiased);
        var score = DifferenceScore.Of(data, Margin) is { StandardError: > 0 } one ? one : (DifferenceScore?)null;
        var z = _unbiased ? score?.UnbiasedZ : score?.Z;
        return new HypothesisResult
        {
            Test = Name,
            Alternative = options.Alternative,
            Statistic = z,
            PValue = z is { } value ? NormalScore.PValue(value, options.Alternative) : null,
            Effect = interval is { } range
                ? new EffectEstimate(NewcombeInterval.Measure, NewcombeInterval.Difference(data), range.Low, range.High, options.Confidence)
                : null,
            Problem = z is null ? TableCheck.Problem(data) ?? TableCheck.NoVariation(data) : null,
        };
    }
}
