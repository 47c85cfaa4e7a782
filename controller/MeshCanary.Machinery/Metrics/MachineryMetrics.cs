using Prometheus;

namespace MeshCanary.Machinery.Metrics;

/// <summary>All figures of the machinery, registered once.</summary>
internal sealed class MachineryMetrics(MetricFactory factory)
{
    public ApiMetrics Api { get; } = new(factory);

    public InformerMetrics Informers { get; } = new(factory);

    public QueueMetrics Queues { get; } = new(factory);

    public LeaderMetrics Leader { get; } = new(factory);

    public EventMetrics Events { get; } = new(factory);
}
