using Prometheus;

namespace MeshCanary.Machinery.Metrics;

/// <summary>Figures on work queues, by the queue's name.</summary>
internal sealed class QueueMetrics(MetricFactory factory)
{
    private static readonly double[] Seconds = Histogram.ExponentialBuckets(0.001, 2, 18);

    /// <summary>Keys that could be worked on now.</summary>
    public Gauge Depth { get; } = Level(factory, "meshcanary_kubernetes_queue_depth", "Keys that wait for a worker.");

    /// <summary>Keys that wait for a time.</summary>
    public Gauge Delayed { get; } = Level(factory, "meshcanary_kubernetes_queue_delayed", "Keys that wait for a time.");

    /// <summary>Keys in work.</summary>
    public Gauge Working { get; } = Level(factory, "meshcanary_kubernetes_queue_working", "Keys that are worked on.");

    /// <summary>Keys that keep failing.</summary>
    public Gauge Quarantined { get; } = Level(factory, "meshcanary_kubernetes_queue_quarantined", "Keys that failed so often in a row that they are tried slowly.");

    /// <summary>Time in the queue.</summary>
    public Histogram Latency { get; } = Times(factory, "meshcanary_kubernetes_queue_latency_seconds", "Time that a key waited for a worker.");

    /// <summary>Time in work.</summary>
    public Histogram Duration { get; } = Times(factory, "meshcanary_kubernetes_queue_work_duration_seconds", "Time that a worker spent on a key.");

    /// <summary>Failures.</summary>
    public Counter Retries { get; } = Count(factory, "meshcanary_kubernetes_queue_retries_total", "Keys that are tried again after a failure.");

    /// <summary>Overruns.</summary>
    public Counter Overdue { get; } = Count(factory, "meshcanary_kubernetes_queue_overdue_total", "Handlers that were cancelled at their deadline.");

    private static Counter Count(MetricFactory factory, string name, string help) =>
        factory.CreateCounter(name, help, new CounterConfiguration { LabelNames = ["queue"] });

    private static Gauge Level(MetricFactory factory, string name, string help) =>
        factory.CreateGauge(name, help, new GaugeConfiguration { LabelNames = ["queue"] });

    private static Histogram Times(MetricFactory factory, string name, string help) =>
        factory.CreateHistogram(name, help, new HistogramConfiguration { LabelNames = ["queue"], Buckets = Seconds });
}
