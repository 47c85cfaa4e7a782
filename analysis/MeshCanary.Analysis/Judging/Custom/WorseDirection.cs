using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>Which way a metric gets worse.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WorseDirection>))]
public enum WorseDirection
{
    /// <summary>More is worse.</summary>
    Increase,

    /// <summary>Less is worse.</summary>
    Decrease,

    /// <summary>Both ways are worse.</summary>
    Either,
}
