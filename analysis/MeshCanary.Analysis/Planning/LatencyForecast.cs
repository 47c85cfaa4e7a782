namespace MeshCanary.Analysis.Planning;

/// <summary>What a step can see of one percentile.</summary>
/// <param name="Percentile">The percentile, inside (0, 100).</param>
/// <param name="SmallestFactor">The smallest factor on all latencies expected to be rolled back on it; null when not even sixteenfold is.</param>
public readonly record struct LatencyForecast(double Percentile, double? SmallestFactor);
