namespace MeshCanary.Analysis.Hypotheses;

/// <summary>
/// What a fixed-horizon test found. When the data do not allow the test, <see cref="PValue"/> is null and
/// <see cref="Problem"/> says why: nobody can take a missing answer for "no difference".
/// </summary>
public sealed record HypothesisResult
{
    /// <summary>Name of the test as computed, with its method: <c>mann-whitney/exact</c>.</summary>
    public required string Test { get; init; }

    /// <summary>What was asked.</summary>
    public required Alternative Alternative { get; init; }

    /// <summary>The test's own statistic (U, D, t, z, χ²…); null when it is not defined.</summary>
    public double? Statistic { get; init; }

    /// <summary>Probability under "no difference" of evidence at least as strong, in [0, 1]; null when it is not defined.</summary>
    public double? PValue { get; init; }

    /// <summary>The size of the difference; null when the test has none or it is not defined.</summary>
    public EffectEstimate? Effect { get; init; }

    /// <summary>What is missing and why, in one plain sentence: the p-value, the effect, or a bound of the effect. Null when nothing is. Whether the test itself is defined says <see cref="PValue"/>.</summary>
    public string? Problem { get; init; }
}
