using Prometheus;

namespace MeshCanary.Machinery.Metrics;

/// <summary>Figures on Kubernetes Events that are written.</summary>
internal sealed class EventMetrics(MetricFactory factory)
{
    /// <summary>Written.</summary>
    public Counter Sent { get; } = factory.CreateCounter("meshcanary_kubernetes_events_sent_total", "Events that were written, repetitions included.");

    /// <summary>Not written.</summary>
    public Counter Dropped { get; } = factory.CreateCounter(
        "meshcanary_kubernetes_events_dropped_total",
        "Events that were not written: the queue was full, the object had too many, or the server refused.",
        new CounterConfiguration { LabelNames = ["reason"] });
}
