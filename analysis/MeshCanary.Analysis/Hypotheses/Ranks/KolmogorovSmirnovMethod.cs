using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>Where the p-value of the two-sample Kolmogorov-Smirnov test comes from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KolmogorovSmirnovMethod>))]
public enum KolmogorovSmirnovMethod
{
    /// <summary><see cref="Exact"/> up to nm = 10,000, <see cref="Asymptotic"/> beyond.</summary>
    Automatic,

    /// <summary>All lattice paths, given the ties, up to nm = 10,000,000; refused beyond.</summary>
    Exact,

    /// <summary>Kolmogorov's limit distribution, or exp(−2z²) one-sided; as if without ties, so with ties p is too large.</summary>
    Asymptotic,
}
