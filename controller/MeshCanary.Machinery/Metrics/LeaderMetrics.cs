using Prometheus;

namespace MeshCanary.Machinery.Metrics;

/// <summary>Figures on leader election, by lease.</summary>
internal sealed class LeaderMetrics(MetricFactory factory)
{
    /// <summary>Whether this process leads.</summary>
    public Gauge Leading { get; } = factory.CreateGauge(
        "meshcanary_kubernetes_leader", "1 when this process leads.", new GaugeConfiguration { LabelNames = ["lease"] });

    /// <summary>Terms begun here.</summary>
    public Counter Terms { get; } = factory.CreateCounter(
        "meshcanary_kubernetes_leader_terms_total", "Terms of leading that this process began.", new CounterConfiguration { LabelNames = ["lease"] });

    /// <summary>Changes of the holder, wherever they happened.</summary>
    public Counter Transitions { get; } = factory.CreateCounter(
        "meshcanary_kubernetes_leader_transitions_total", "Changes of the holder that this process saw.", new CounterConfiguration { LabelNames = ["lease"] });

    /// <summary>Renewals that failed.</summary>
    public Counter Faults { get; } = factory.CreateCounter(
        "meshcanary_kubernetes_leader_faults_total", "Attempts to take or renew the lease that met an error.", new CounterConfiguration { LabelNames = ["lease"] });
}
