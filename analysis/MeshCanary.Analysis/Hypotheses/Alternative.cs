using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Hypotheses;

/// <summary>What a test takes as evidence against "no difference".</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Alternative>))]
public enum Alternative
{
    /// <summary>The canary differs from stable in either direction.</summary>
    TwoSided,

    /// <summary>The canary is larger than stable.</summary>
    Greater,

    /// <summary>The canary is smaller than stable.</summary>
    Less,
}
