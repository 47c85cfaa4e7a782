using System.Collections.Immutable;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// One metric of a canary configuration, with what Kayenta keeps under <c>analysisConfigurations.canary</c>. Words are
/// kept as they are written: the first version falls back to the default at a word it does not know, the second refuses it.
/// </summary>
public sealed record KayentaMetric
{
    /// <summary>The metric's name, as in the data.</summary>
    public required string Name { get; init; }

    /// <summary>The groups it counts in, with equal weight in each.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>Which direction counts: <c>increase</c>, <c>decrease</c> or <c>either</c>.</summary>
    public string Direction { get; init; } = "either";

    /// <summary>What becomes of missing values: <c>remove</c>, or <c>replace</c> by zero.</summary>
    public string NanStrategy { get; init; } = "remove";

    /// <summary>What becomes of outliers: <c>keep</c> or <c>remove</c>, which also removes regressions of the tail.</summary>
    public string OutlierStrategy { get; init; } = "keep";

    /// <summary>Fences of the outlier removal in interquartile ranges beyond the quartiles, above 0.</summary>
    public double OutlierFactor { get; init; } = 3;

    /// <summary>Whether a failure of this metric alone fails the canary.</summary>
    public bool Critical { get; init; }

    /// <summary>Whether missing data is a failed metric.</summary>
    public bool MustHaveData { get; init; }

    /// <summary>Whether the metric is only reported, not scored.</summary>
    public bool Muted { get; init; }

    /// <summary>How large a difference must be before it counts.</summary>
    public KayentaEffectSize EffectSize { get; init; } = new();
}
