using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Calibration;

/// <summary>Why stable cannot be compared with itself.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SplitObstacle>))]
public enum SplitObstacle
{
    /// <summary>There are two halves.</summary>
    None,

    /// <summary>The source names no endpoint of stable.</summary>
    NoEndpoints,

    /// <summary>Stable has one endpoint only.</summary>
    OneEndpoint,
}
