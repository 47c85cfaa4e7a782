using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>What the comparison of one metric found.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KayentaLabel>))]
public enum KayentaLabel
{
    /// <summary>No difference that counts.</summary>
    Pass,

    /// <summary>The canary is higher than the baseline.</summary>
    High,

    /// <summary>The canary is lower than the baseline.</summary>
    Low,

    /// <summary>An arm has no values.</summary>
    Nodata,

    /// <summary>An arm has no values and the metric must have some: counts as a failed metric.</summary>
    NodataFailMetric,

    /// <summary>The comparison could not be computed. The first version leaves it out of the score, the second counts it as failed.</summary>
    Error,

    /// <summary>Too few values to reach the confidence level at all: no verdict. Only in the second version.</summary>
    Inconclusive,
}
