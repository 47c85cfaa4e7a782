namespace MeshCanary.Analysis.Judging.Baking;

/// <summary>What one metric of the promoted version is held against: its own counted intervals of the run.</summary>
/// <param name="Metric"><c>errors</c>, or <c>latencyP50</c> and so on.</param>
/// <param name="Requests">Its requests in the run that say something of the metric.</param>
/// <param name="Events">Of them the bad ones: failed, or for latency failed or slower than the run's edge τ.</param>
/// <param name="Overdispersion">φ ≥ 1 at the end of the run.</param>
public sealed record BakeReference(string Metric, long Requests, long Events, double Overdispersion);
