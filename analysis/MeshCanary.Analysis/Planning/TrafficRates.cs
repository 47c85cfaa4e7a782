using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Planning;

/// <summary>Requests per second of both arms.</summary>
/// <param name="CanaryPerSecond">Of the canary.</param>
/// <param name="StablePerSecond">Of stable.</param>
public readonly record struct TrafficRates(double CanaryPerSecond, double StablePerSecond)
{
    /// <summary>Whether both arms get traffic.</summary>
    [JsonIgnore]
    public bool Flow => CanaryPerSecond > 0 && StablePerSecond > 0;

    /// <summary>Stable requests per canary request.</summary>
    [JsonIgnore]
    public double StablePerCanary => StablePerSecond / CanaryPerSecond;
}
