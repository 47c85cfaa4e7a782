using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Edges;

/// <summary>
/// What stable looks like before the test: the history of a fresh calibration where there is one, and otherwise gathered
/// from the warm-up (and from counted intervals while that was not enough); then frozen. Requests that taught the baseline
/// are never tested: edges and priors have to be chosen first.
/// </summary>
/// <remarks>
/// A fresh history stands alone. It is far larger than a warm-up, which could not move an edge; the overdispersion was
/// learned at the history's edges; and a prior that is off is worth 1/p0 requests only.
/// </remarks>
internal sealed class Baseline
{
    private readonly AnalysisSettings _settings;
    private readonly BucketGrid _grid;
    private LatencyHistogram _latency = LatencyHistogram.Empty;
    private long _errors;

    public Baseline(AnalysisSettings settings, BucketGrid grid)
    {
        (_settings, _grid) = (settings, grid);
        if (settings.Calibration is not { Standing: CalibrationStanding.Fresh } history)
            return;
        (_errors, _latency) = (history.StableErrors, history.StableLatency);
        if (IsReady)
            Freeze();
        else
            (_errors, _latency) = (0, LatencyHistogram.Empty);
    }

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
    /// The edge that tells most of a percentile of the successful requests, with room for the shifted edges above it, and
    /// the shares of stable beyond it; null without a success.
    /// </summary>
    public LatencyEdge? EdgeOf(double percentile, int tolerance, int harm)
    {
        if (_latency.QuantileBucket(percentile / 100) is not { } holding)
            return null;

        var slower = 1 - (percentile / 100);
        var edge = _grid.Closing(holding);
        if (_grid.Before(edge) is >= 0 and var before)
            edge = TellingEdge.Of(_latency, percentile, before, edge);
        edge = Math.Min(edge, _grid.Highest(tolerance, harm));
        var harmful = _grid.Down(edge, harm);
        return new LatencyEdge(edge, _grid.Up(edge, tolerance), harmful)
        {
            Prior = Math.Clamp(Share(edge), 1e-4, 1 - 1e-4),
            HarmShare = Share(harmful),
            HarmMargin = Missing(edge, slower),
        };
    }

    public BaselineState Save() => new(IsFrozen, _errors, _latency);

    public void Restore(BaselineState state) => (IsFrozen, _errors, _latency) = (state.IsFrozen, state.Errors, state.Latency);

    /// <summary>
    /// Where a great part of stable's latencies lies in one bucket, next to nothing is beyond the edge that closes it, and
    /// no traffic proves the canary's share to be below next to nothing. What is missing to the share that the percentile
    /// speaks of is then the margin of PASS: it rejects "the canary's percentile is beyond g′·τ", as everywhere else.
    /// </summary>
    private Margin Missing(int edge, double slower)
    {
        var beyond = (double)_latency.CountAbove(edge) / _latency.Total;
        return beyond < slower / 2 ? new Margin(slower - beyond, 0) : Margin.None;
    }

    private double Share(int edge) => ArmRates.Clamp((double)(_errors + _latency.CountAbove(edge)) / Requests);
}
