using MeshCanary.Analysis.Judging.Edges;
using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential.Watching;

namespace MeshCanary.Analysis.Judging.Baking;

/// <summary>
/// Watches a promoted version alone: the guards, and per metric a <see cref="PromotionWatch"/> (Shin, Ramdas and Rinaldo 2024)
/// at the edges that the run froze. Deterministic; not thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// The reference is the version's own counted intervals of the run, and not stable's: what the run passed, or a person
/// promoted in spite of it, is no news and no reason to go back. The margin is that of harm: for errors p ≤ a′ + (1+r′)·p̄₀,
/// for latency P(X &gt; g′·τ) in the bake ≤ P(X &gt; τ) in the run. A return needs harm, not mere tolerance exceeded.
/// </para>
/// <para>
/// Each of K metrics gets α/K of the false rollback rate α, so the chance of an alarm in a bake of the planned length without a
/// change is at most α (union bound). Nothing runs beside the version: a change of the world that exceeds harm is taken for the
/// version's.
/// </para>
/// </remarks>
public sealed class BakeWatch
{
    // The watch takes no more; nobody asks for it.
    private const double LargestAlpha = 0.49;

    private readonly AnalysisSettings _settings;
    private readonly GuardFuse[] _guards;
    private readonly BakedMetric[] _metrics;
    private int _intervals;

    /// <summary>A watch that has seen nothing.</summary>
    /// <exception cref="ArgumentException">The settings are outside their ranges, or the plan belongs to other settings.</exception>
    public BakeWatch(AnalysisSettings settings, BakePlan plan)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(plan);
        _settings = settings;
        _guards = [.. settings.Guards.Select(guard => new GuardFuse(guard))];
        _metrics = plan.Baseline is { } frozen && !plan.References.IsDefaultOrEmpty ? Place(settings, plan, frozen) : [];
    }

    /// <summary>A watch that goes on where <see cref="Save"/> left off.</summary>
    /// <exception cref="ArgumentException">The state belongs to another plan or version.</exception>
    public static BakeWatch Restore(AnalysisSettings settings, BakePlan plan, BakeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var watch = new BakeWatch(settings, plan);
        watch.Load(state);
        return watch;
    }

    /// <summary>Takes an interval of the promoted version.</summary>
    public void Observe(ArmCounts promoted)
    {
        ArgumentNullException.ThrowIfNull(promoted);
        foreach (var guard in _guards)
            guard.Observe(promoted);
        if (promoted.Requests > 0)
            _intervals++;
        foreach (var metric in _metrics)
            metric.Observe(promoted);
    }

    /// <summary>How the version does so far.</summary>
    public BakeAssessment Assess()
    {
        var breach = _guards.FirstOrDefault(guard => guard.Breach is not null)?.Breach;
        // As in the run no single interval is held against a version, such as the first one with all of the traffic.
        var worse = _intervals >= _settings.MinimumIntervals ? _metrics.FirstOrDefault(metric => metric.HasAlarmed) : null;
        return new BakeAssessment
        {
            Regression = breach is not null ? BakeWording.Of(breach) : worse is not null ? BakeWording.Of(worse.Describe(), worse.Reference) : null,
            Breach = breach,
            Intervals = _intervals,
            Metrics = [.. _metrics.Select(metric => metric.Describe())],
        };
    }

    /// <summary>The whole state, small and serialisable.</summary>
    public BakeState Save() => new()
    {
        Intervals = _intervals,
        Guards = [.. _guards.Select(guard => guard.Save())],
        Metrics = [.. _metrics.Select(metric => metric.Save())],
    };

    private static BakedMetric[] Place(AnalysisSettings settings, BakePlan plan, BaselineState frozen)
    {
        var grid = new BucketGrid(settings.LatencyBoundaries);
        var baseline = new Baseline(settings, grid);
        baseline.Restore(frozen);
        ComparedMetric[] metrics = [new(settings, grid, null), .. settings.LatencyPercentiles.Select(percentile => new ComparedMetric(settings, grid, percentile))];
        if (!metrics.Select(metric => metric.Name).SequenceEqual(plan.References.Select(reference => reference.Metric)))
            throw new ArgumentException("The plan does not hold the metrics of the settings: it belongs to other settings.", nameof(plan));
        var alpha = Math.Min(LargestAlpha, settings.FalseRollbackRate / metrics.Length);
        return [.. metrics.Zip(plan.References, (metric, reference) =>
        {
            metric.Place(baseline);
            return new BakedMetric(metric, reference, alpha, plan.PlannedIntervals);
        })];
    }

    private void Load(BakeState state)
    {
        if (state.Version != BakeState.CurrentVersion)
            throw new ArgumentException($"The saved state has layout {state.Version}; this engine reads {BakeState.CurrentVersion}.", nameof(state));
        if (state.Guards.IsDefault || state.Guards.Length != _guards.Length || state.Metrics.IsDefault || state.Metrics.Length != _metrics.Length)
            throw new ArgumentException("The saved state does not hold the metrics and guards of the plan: it belongs to another one.", nameof(state));
        _intervals = state.Intervals;
        for (var g = 0; g < _guards.Length; g++)
            _guards[g].Restore(state.Guards[g]);
        for (var m = 0; m < _metrics.Length; m++)
            _metrics[m].Restore(state.Metrics[m]);
    }
}
