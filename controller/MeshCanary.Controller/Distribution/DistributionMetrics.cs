using Prometheus;

namespace MeshCanary.Controller.Distribution;

/// <summary>Figures on the proxies and their configuration.</summary>
internal sealed class DistributionMetrics(MetricFactory factory)
{
    /// <summary>Open streams.</summary>
    public Gauge Connected { get; } = factory.CreateGauge("meshcanary_controller_proxies_connected", "Proxies that are connected.");

    /// <summary>Newest snapshot.</summary>
    public Gauge Version { get; } = factory.CreateGauge("meshcanary_controller_snapshot_version", "Version of the newest configuration for the proxies.");

    /// <summary>Refused snapshots.</summary>
    public Counter Refusals { get; } = factory.CreateCounter("meshcanary_controller_snapshot_refusals_total", "Configurations that a proxy refused.");

    /// <summary>Time from sending to each proxy's acknowledgement.</summary>
    public Histogram AckLatency { get; } = factory.CreateHistogram(
        "meshcanary_controller_ack_latency_seconds",
        "Time from sending a configuration to a proxy's acknowledgement.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 14) });
}
