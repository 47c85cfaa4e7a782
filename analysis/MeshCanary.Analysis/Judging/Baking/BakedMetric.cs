using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential.Watching;

namespace MeshCanary.Analysis.Judging.Baking;

/// <summary>The watch over one metric.</summary>
internal sealed class BakedMetric
{
    private readonly ComparedMetric _metric;
    private readonly PromotionWatch _watch;
    private Tally _seen;

    /// <param name="metric">What is compared, with its edges placed.</param>
    /// <param name="reference">The run's counts.</param>
    /// <param name="alpha">The metric's part of the false rollback rate.</param>
    /// <param name="plannedIntervals">Intervals of the bake.</param>
    public BakedMetric(ComparedMetric metric, BakeReference reference, double alpha, int plannedIntervals)
    {
        (_metric, Reference) = (metric, reference);
        _watch = new PromotionWatch(new PromotionReference(reference.Requests, reference.Events), new PromotionWatchOptions
        {
            Alpha = alpha,
            PlannedIntervals = plannedIntervals,
            Margin = metric.Harm,
            Overdispersion = reference.Overdispersion,
        });
    }

    public BakeReference Reference { get; }

    public bool HasAlarmed => _watch.HasAlarmed;

    /// <summary>Latency beyond the edge of harm is held against the run's beyond τ, as the run's PASS was.</summary>
    public void Observe(ArmCounts promoted)
    {
        var bad = _metric.IsLatency ? _metric.BeyondHarm(promoted) : _metric.Bad(promoted);
        if (_watch.Observe(bad.Requests, bad.Events))
            _seen += bad;
    }

    public BakeEvidence Describe() => new()
    {
        Metric = Reference.Metric,
        Requests = _seen.Requests,
        Events = _seen.Events,
        EdgeSeconds = _metric.HarmEdgeSeconds,
        Boundary = _watch.Boundary,
        Evidence = double.IsFinite(_watch.LogEvidence) ? _watch.LogEvidence : null,
        Threshold = _watch.Threshold,
    };

    public BakeMetricState Save() => new(_seen.Requests, _seen.Events, _watch.Save());

    public void Restore(BakeMetricState state)
    {
        _watch.Restore(state.Watch);
        _seen = new Tally(state.Requests, state.Events);
    }
}
