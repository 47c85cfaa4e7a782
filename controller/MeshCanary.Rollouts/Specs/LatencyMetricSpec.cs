namespace MeshCanary.Rollouts.Specs;

/// <summary>A histogram of latencies, classic or native.</summary>
/// <param name="Metric">Its name, without <c>_bucket</c>.</param>
/// <param name="IsMilliseconds">Whether it counts in milliseconds; otherwise in seconds.</param>
public sealed record LatencyMetricSpec(string Metric, bool IsMilliseconds);
