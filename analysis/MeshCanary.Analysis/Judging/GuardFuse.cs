using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging;

/// <summary>Watches one guard; once blown it stays blown.</summary>
internal sealed class GuardFuse
{
    private readonly Guard _guard;
    private readonly double? _quantile;
    private int _breached;

    /// <param name="guard">A guard that <see cref="AnalysisSettings.Validate"/> found nothing wrong with.</param>
    public GuardFuse(Guard guard)
    {
        _guard = guard;
        _quantile = MetricNames.TryParseLatency(guard.Metric, out var percentile) ? percentile / 100 : null;
    }

    /// <summary>The breach that blew it.</summary>
    public GuardBreach? Breach { get; private set; }

    /// <summary>Looks at an interval of the canary; too few requests neither breach nor clear.</summary>
    public void Observe(ArmCounts canary)
    {
        if (Breach is not null || canary.Requests < _guard.MinimumRequests)
            return;
        var (observed, exceeded) = _quantile is { } share ? Latency(canary.Latency, share) : ErrorRate(canary);
        if (observed is null)
            return;
        _breached = exceeded ? _breached + 1 : 0;
        if (_breached >= _guard.Intervals)
            Breach = new GuardBreach(_guard.Metric, _guard.Max, observed.Value, canary.Requests);
    }

    public GuardState Save() => new(_breached, Breach);

    public void Restore(GuardState state) => (_breached, Breach) = (state.BreachedInARow, state.Breach);

    private (double? Observed, bool Exceeded) ErrorRate(ArmCounts canary)
    {
        var rate = (double)canary.Errors / canary.Requests;
        return (rate, rate > _guard.Max);
    }

    private (double? Observed, bool Exceeded) Latency(LatencyHistogram latency, double share)
    {
        if (latency.QuantileBucket(share) is not { } bucket)
            return (null, false);
        var lower = bucket == 0 ? 0 : LatencyBuckets.UpperEdgeSeconds(bucket - 1);
        var observed = LatencyBuckets.UpperEdgeSeconds(Math.Min(bucket, LatencyBuckets.LastFinite));
        return (observed, lower >= _guard.Max);
    }
}
