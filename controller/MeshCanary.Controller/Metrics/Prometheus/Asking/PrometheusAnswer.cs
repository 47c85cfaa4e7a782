using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers;

namespace MeshCanary.Controller.Metrics.Prometheus.Asking;

/// <summary>What became of a query: its series, or why there are none. A scalar is a series without labels.</summary>
internal sealed record PrometheusAnswer
{
    private PrometheusAnswer()
    {
    }

    /// <summary>The series; empty when there are none, or when it failed.</summary>
    public ImmutableArray<PrometheusSeries> Series { get; private init; } = [];

    /// <summary>Why it failed; null when it did not.</summary>
    public MetricAnswer.Fault? Fault { get; private init; }

    /// <summary>It was answered.</summary>
    public static PrometheusAnswer Of(ImmutableArray<PrometheusSeries> series) => new() { Series = series };

    /// <summary>It failed.</summary>
    public static PrometheusAnswer Failed(FaultKind kind, string reason, TimeSpan? retryAfter = null) =>
        new() { Fault = new MetricAnswer.Fault(kind, reason) { RetryAfter = retryAfter } };
}
