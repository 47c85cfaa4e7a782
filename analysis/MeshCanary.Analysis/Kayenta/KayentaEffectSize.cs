namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// How large a difference must be before it counts (<c>effectSize</c> of a Kayenta metric). A threshold that is not set
/// is 1 for the ratio of means and 0.5 for the common language effect size: no effect at all, so every difference counts.
/// </summary>
public sealed record KayentaEffectSize
{
    /// <summary>The measure by ratio of means.</summary>
    public const string MeanRatio = "meanRatio";

    /// <summary>The measure by common language effect size.</summary>
    public const string Cles = "cles";

    /// <summary>
    /// <c>meanRatio</c>, mean of the canary by mean of the baseline, or <c>cles</c>, the probability that a value of the
    /// canary is above one of the baseline. The first version takes any other text as <c>meanRatio</c>.
    /// </summary>
    public string Measure { get; init; } = MeanRatio;

    /// <summary>The effect from which on a metric can be High.</summary>
    public double? AllowedIncrease { get; init; }

    /// <summary>The effect up to which a metric can be Low.</summary>
    public double? AllowedDecrease { get; init; }

    /// <summary>The effect from which on a critical metric that is High fails the canary.</summary>
    public double? CriticalIncrease { get; init; }

    /// <summary>The effect up to which a critical metric that is Low fails the canary.</summary>
    public double? CriticalDecrease { get; init; }
}
