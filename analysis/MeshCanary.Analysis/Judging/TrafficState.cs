namespace MeshCanary.Analysis.Judging;

/// <summary>State of the traffic meter.</summary>
/// <param name="Intervals">Intervals seen, with those of the warm-up.</param>
/// <param name="CanaryPerSecond">Smoothed requests per second of the canary.</param>
/// <param name="StablePerSecond">Smoothed requests per second of stable.</param>
/// <param name="CanaryIdle">Intervals in a row without a canary request.</param>
/// <param name="StableIdle">Intervals in a row without a stable request.</param>
public sealed record TrafficState(int Intervals, double CanaryPerSecond, double StablePerSecond, int CanaryIdle, int StableIdle);
