using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Prometheus.Asking;

/// <summary>A native histogram as the API writes it.</summary>
/// <param name="At">When it was scraped, in milliseconds since 1970.</param>
/// <param name="Count">All observations.</param>
/// <param name="Buckets">Its buckets that hold something, not cumulative.</param>
internal sealed record PrometheusHistogram(long At, double Count, ImmutableArray<PrometheusBucket> Buckets);
