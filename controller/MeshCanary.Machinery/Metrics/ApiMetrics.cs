using Prometheus;

namespace MeshCanary.Machinery.Metrics;

/// <summary>Figures on calls to the API server.</summary>
internal sealed class ApiMetrics(MetricFactory factory)
{
    /// <summary>Calls by their end.</summary>
    public Counter Requests { get; } = factory.CreateCounter(
        "meshcanary_kubernetes_requests_total",
        "Calls to the API server; the code is the HTTP status, or 'none' without an answer.",
        new CounterConfiguration { LabelNames = ["verb", "resource", "code"] });

    /// <summary>How long they took; a watch to its headers.</summary>
    public Histogram Duration { get; } = factory.CreateHistogram(
        "meshcanary_kubernetes_request_duration_seconds",
        "Time from a call to the API server to the end of its answer, of a watch to its headers.",
        new HistogramConfiguration { LabelNames = ["verb", "resource"], Buckets = Histogram.ExponentialBuckets(0.001, 2, 16) });
}
