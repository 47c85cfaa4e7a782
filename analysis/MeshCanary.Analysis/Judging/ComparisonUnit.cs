using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Judging;

/// <summary>What one observation is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ComparisonUnit>))]
public enum ComparisonUnit
{
    /// <summary>Every request.</summary>
    Requests,

    /// <summary>
    /// Every user once, by the first request: with sticky users it is they who are drawn, and requests of one user are not
    /// independent. Guards and the test of the split stay with requests.
    /// </summary>
    Users,
}
