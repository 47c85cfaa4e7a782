using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging;

/// <summary>
/// What stable looks like before the test: gathered from the warm-up (and from counted intervals while that was not
/// enough), then frozen. Requests that taught the baseline are never tested: edges and priors have to be chosen first.
/// </summary>
internal sealed class Baseline
{
    private readonly AnalysisSettings _settings;
    private LatencyHistogram _latency = LatencyHistogram.Empty;
    private long _errors;

    public Baseline(AnalysisSettings settings) => _settings = settings;

    /// <summary>Stable requests gathered.</summary>
    public long Requests => _errors + _latency.Total;

    /// <summary>Whether it is fixed for the rest of the run.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Whether there is enough to freeze it: requests, and a success to place latency edges by.</summary>
    public bool IsReady => Requests >= _settings.MinimumBaselineRequests && (_latency.Total > 0 || _settings.LatencyPercentiles.IsEmpty);

    /// <summary>Learns from an interval of stable.</summary>
    public void Add(ArmCounts stable)
    {
        _errors += stable.Errors;
        _latency = _latency.Merge(stable.Latency);
    }

    public void Freeze() => IsFrozen = true;

    /// <summary>The prior of the error share.</summary>
    public double ErrorPrior => Math.Clamp(Requests == 0 ? 0 : (double)_errors / Requests, 1e-4, 0.5);

    /// <summary>
    /// The edge nearest to a percentile of the successful requests, with room for the harm margin below the overflow
    /// bucket, and the shares of stable beyond it; null without a success.
    /// </summary>
    public LatencyEdge? EdgeOf(double percentile)
    {
        if (_latency.QuantileBucket(percentile / 100) is not { } bucket)
            return null;
        var target = percentile / 100 * _latency.Total;
        var below = (double)(_latency.Total - _latency.CountAbove(bucket - 1));
        var upTo = (double)(_latency.Total - _latency.CountAbove(bucket));

        // An edge with nothing below it could never show a regression.
        if (below > 0 && bucket > 0 && target - below < upTo - target)
            bucket--;
        bucket = Math.Min(bucket, LatencyBuckets.LastFinite - _settings.LatencyHarmBuckets);
        return new LatencyEdge(bucket, Prior(bucket), Share(bucket + _settings.LatencyHarmBuckets));
    }

    public BaselineState Save() => new(IsFrozen, _errors, _latency);

    public void Restore(BaselineState state) => (IsFrozen, _errors, _latency) = (state.IsFrozen, state.Errors, state.Latency);

    private double Prior(int bucket) => Math.Clamp(Share(bucket), 1e-4, 1 - 1e-4);

    private double Share(int bucket) => ArmRates.Clamp((double)(_errors + _latency.CountAbove(bucket)) / Requests);
}
