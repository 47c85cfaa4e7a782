using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>How the ends of a shift's confidence interval were found.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IntervalBasis>))]
public enum IntervalBasis
{
    /// <summary>By the exact quantile of U: no ties, nm at most 2500.</summary>
    Exact,

    /// <summary>By the normal approximation of that quantile: ties, or more values.</summary>
    Normal,

    /// <summary>Not at all: so few values cannot reach the level, even when the arms are wholly apart. The interval is the whole line.</summary>
    Unattainable,
}
