using Prometheus;

namespace MeshCanary.Machinery.Metrics;

/// <summary>Figures on informers, by resource.</summary>
internal sealed class InformerMetrics(MetricFactory factory)
{
    /// <summary>Complete lists.</summary>
    public Counter Lists { get; } = Count(factory, "meshcanary_kubernetes_informer_lists_total", "Lists that were read to their end.", "resource");

    /// <summary>Watches begun.</summary>
    public Counter Watches { get; } = Count(factory, "meshcanary_kubernetes_informer_watches_total", "Watches that were begun.", "resource");

    /// <summary>Lists and watches that had to be begun again, by reason.</summary>
    public Counter Restarts { get; } = Count(
        factory, "meshcanary_kubernetes_informer_restarts_total", "Lists and watches that ended before their time, by reason.", "resource", "reason");

    /// <summary>Handlers that threw.</summary>
    public Counter HandlerFaults { get; } = Count(
        factory, "meshcanary_kubernetes_informer_handler_faults_total", "Notifications at which a handler threw.", "resource");

    /// <summary>Objects in the store.</summary>
    public Gauge Objects { get; } = Level(factory, "meshcanary_kubernetes_informer_objects", "Objects in the store.");

    /// <summary>Objects that cannot be read.</summary>
    public Gauge Undecodable { get; } = Level(
        factory, "meshcanary_kubernetes_informer_undecodable_objects", "Objects that exist and do not fit the type that is expected of them.");

    /// <summary>Whether the store is complete.</summary>
    public Gauge Synced { get; } = Level(factory, "meshcanary_kubernetes_informer_synced", "1 when the store was complete once and the resource is served.");

    /// <summary>When the server was last heard of.</summary>
    public Gauge LastContact { get; } = Level(
        factory, "meshcanary_kubernetes_informer_last_contact_timestamp_seconds", "When the last list, event or bookmark came, as Unix time; time() minus this is the staleness.");

    private static Counter Count(MetricFactory factory, string name, string help, params string[] labels) =>
        factory.CreateCounter(name, help, new CounterConfiguration { LabelNames = labels });

    private static Gauge Level(MetricFactory factory, string name, string help) =>
        factory.CreateGauge(name, help, new GaugeConfiguration { LabelNames = ["resource"] });
}
