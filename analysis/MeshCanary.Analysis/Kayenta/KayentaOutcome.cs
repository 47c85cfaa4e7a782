using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>What one judgement over all metrics says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KayentaOutcome>))]
public enum KayentaOutcome
{
    /// <summary>The score reaches the pass threshold.</summary>
    Pass,

    /// <summary>The score reaches the marginal threshold only.</summary>
    Marginal,

    /// <summary>The score is below the marginal threshold.</summary>
    Fail,

    /// <summary>The data cannot carry a score: no verdict. Only in the second version.</summary>
    Inconclusive,
}
