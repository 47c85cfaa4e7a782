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
    /// The edge that tells most of a percentile of the successful requests, with room for the harm margin below the overflow
    /// bucket, and the shares of stable beyond it; null without a success.
    /// </summary>
    public LatencyEdge? EdgeOf(double percentile)
    {
        if (_latency.QuantileBucket(percentile / 100) is not { } bucket)
            return null;
        // Of the two edges around the percentile the more telling one. Distance is in log-odds: an edge with next to
        // nothing beyond it (or below it) would need hours to prove anything, however near it lies in milliseconds.
        var wanted = LogOdds(1 - (percentile / 100));
        if (bucket > 0 && Distance(bucket - 1, wanted) < Distance(bucket, wanted))
            bucket--;
        bucket = Math.Min(bucket, LatencyBuckets.LastFinite - _settings.LatencyHarmBuckets);
        return new LatencyEdge(bucket, Prior(bucket), Share(bucket + _settings.LatencyHarmBuckets));
    }

    private double Distance(int bucket, double wanted)
    {
        var beyond = _latency.CountAbove(bucket);
        return beyond == 0 || beyond == _latency.Total
            ? double.PositiveInfinity
            : Math.Abs(LogOdds((double)beyond / _latency.Total) - wanted);
    }

    private static double LogOdds(double share) => Math.Log(share / (1 - share));

    public BaselineState Save() => new(IsFrozen, _errors, _latency);

    public void Restore(BaselineState state) => (IsFrozen, _errors, _latency) = (state.IsFrozen, state.Errors, state.Latency);

    private double Prior(int bucket) => Math.Clamp(Share(bucket), 1e-4, 1 - 1e-4);

    private double Share(int bucket) => ArmRates.Clamp((double)(_errors + _latency.CountAbove(bucket)) / Requests);
}
