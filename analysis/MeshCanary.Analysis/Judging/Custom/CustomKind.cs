using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>What is done with the answers to a custom metric's query.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CustomKind>))]
public enum CustomKind
{
    /// <summary>A number that has to stay within limits; no comparison.</summary>
    Guard,

    /// <summary>One number per arm and reading, compared pair by pair.</summary>
    Comparison,

    /// <summary>Events of a total, per arm and reading.</summary>
    Counts,

    /// <summary>Cumulative buckets, per arm and reading.</summary>
    Distribution,
}
