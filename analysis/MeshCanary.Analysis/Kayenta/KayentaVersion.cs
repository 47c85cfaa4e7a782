using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>Which rules a Kayenta judgement follows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KayentaVersion>))]
public enum KayentaVersion
{
    /// <summary>Labels and scores of Kayenta's NetflixACAJudge as it is, with everything that is odd about it.</summary>
    [JsonStringEnumMemberName("kayenta-v1")]
    V1,

    /// <summary>The same configuration and scores, with the flaws repaired that let bad canaries pass and good ones fail.</summary>
    [JsonStringEnumMemberName("kayenta-v2")]
    V2,
}
