using Prometheus;

namespace MeshCanary.Controller.Reconciling;

/// <summary>Figures on reconciling.</summary>
internal sealed class ReconcileMetrics(MetricFactory factory)
{
    private readonly Histogram _duration = factory.CreateHistogram(
        "meshcanary_controller_reconcile_duration_seconds",
        "Time that one reconcile took.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0005, 2, 14) });

    private readonly Counter _total = factory.CreateCounter(
        "meshcanary_controller_reconcile_total", "Reconciles by outcome.", "outcome");

    /// <summary>Canaries whose reconcile is waited for, or at work; set when it is looked at.</summary>
    public Gauge Depth { get; } = factory.CreateGauge("meshcanary_controller_queue_depth", "Canaries whose reconcile is waited for, or at work.");

    /// <summary>Whether the state file can be written; set when it is looked at.</summary>
    public Gauge StoreUp { get; } = factory.CreateGauge("meshcanary_controller_store_up", "1 while the state file can be written, otherwise 0: rollouts hold.");

    /// <summary>Reconciles whose counts the analysis refused.</summary>
    public Counter AnalysisFailures { get; } = factory.CreateCounter(
        "meshcanary_controller_analysis_failures_total", "Reconciles that went on without the analysis, because it failed.");

    /// <summary>A reconcile is over.</summary>
    public void Done(TimeSpan took, bool failed)
    {
        _duration.Observe(took.TotalSeconds);
        _total.WithLabels(failed ? "failed" : "done").Inc();
    }
}
