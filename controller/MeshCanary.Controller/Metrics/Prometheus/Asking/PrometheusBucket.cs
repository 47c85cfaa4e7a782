namespace MeshCanary.Controller.Metrics.Prometheus.Asking;

/// <summary>A bucket of a native histogram.</summary>
/// <param name="Low">Its lower bound.</param>
/// <param name="High">Its upper bound.</param>
/// <param name="Count">Observations in it.</param>
internal readonly record struct PrometheusBucket(double Low, double High, double Count);
