using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Prometheus.Asking;

namespace MeshCanary.Controller.Metrics.Prometheus;

/// <summary>Raw samples of a Canary, or why there are none.</summary>
/// <param name="Requests">Series of its request counter.</param>
/// <param name="Latencies">Series of its histograms.</param>
/// <param name="Queries">What was asked.</param>
/// <param name="Fault">Why it failed, in plain words; null when it did not.</param>
/// <param name="RetryAfter">When Prometheus asked to be asked again; null when it did not say.</param>
internal sealed record SourceSample(
    ImmutableArray<PrometheusSeries> Requests, ImmutableArray<PrometheusSeries> Latencies, ImmutableArray<string> Queries, string? Fault, TimeSpan? RetryAfter);
