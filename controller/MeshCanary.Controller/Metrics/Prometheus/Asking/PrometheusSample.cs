namespace MeshCanary.Controller.Metrics.Prometheus.Asking;

/// <summary>A number.</summary>
/// <param name="At">When it was scraped, in milliseconds since 1970.</param>
/// <param name="Value">The number; may be NaN or infinite.</param>
internal readonly record struct PrometheusSample(long At, double Value);
