using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// State of a detector. Written as JSON, negative infinity (nothing seen yet) is the name it has in JavaScript.
/// </summary>
public sealed record DetectorState
{
    /// <summary>ln of the detector per alternative.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public required ImmutableArray<double> Logs { get; init; }

    /// <summary>Highest ln of the average so far.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public required double Highest { get; init; }
}
