using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>Where the p-value of Mann and Whitney's test comes from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MannWhitneyMethod>))]
public enum MannWhitneyMethod
{
    /// <summary>
    /// <see cref="Exact"/> without ties and up to nm = 2500; else <see cref="Permutation"/> up to 1,000,000 arrangements,
    /// which is just as exact; else <see cref="Asymptotic"/>.
    /// </summary>
    Automatic,

    /// <summary>The exact distribution of U without ties, up to nm = 10,000; refused with ties and beyond.</summary>
    Exact,

    /// <summary>All C(n+m, n) arrangements of the given values, ties or not, up to 1,000,000; refused beyond.</summary>
    Permutation,

    /// <summary>Normal distribution with the variance of the ties and a continuity correction of ½.</summary>
    Asymptotic,

    /// <summary>Normal distribution with the variance of the ties, without a continuity correction.</summary>
    AsymptoticUncorrected,
}
