using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging;

/// <summary>
/// The FAIL evidence of all metrics as one: their weighted mean is an e-process whatever their dependence, so its running
/// maximum bounds the false rollback rate of the whole run. Culprits are named by closure.
/// </summary>
internal sealed class GlobalEvidence
{
    private const double ErrorWeight = 0.4;

    private readonly MetricStream[] _streams;
    private readonly double[] _weights;
    private readonly double[] _logs;
    private readonly double[] _now;
    private readonly double[] _adjusted;

    public GlobalEvidence(MetricStream[] streams)
    {
        _streams = streams;
        _weights = WeightsFor(streams.Length - 1);
        _logs = new double[streams.Length];
        _now = new double[streams.Length];
        _adjusted = new double[streams.Length];
        Refresh();
    }

    /// <summary>Weights of the metrics: 0.4 for errors and the rest shared by latency, or all of it without latency.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>ln of the mean now.</summary>
    public double LogEvidence { get; private set; }

    /// <summary>Its highest so far, at least 0.</summary>
    public double Highest { get; private set; }

    /// <summary>Closure-adjusted evidence per metric at its highest so far.</summary>
    public ReadOnlySpan<double> Adjusted => _adjusted;

    public static double[] WeightsFor(int percentiles) => percentiles == 0
        ? [1]
        : [ErrorWeight, .. Enumerable.Repeat((1 - ErrorWeight) / percentiles, percentiles)];

    /// <summary>Takes up what the streams learned in an interval.</summary>
    public void Update()
    {
        Refresh();
        Highest = Math.Max(Highest, LogEvidence);
        EvidenceMerging.Closure(_logs, _weights, _now);
        for (var m = 0; m < _now.Length; m++)
            _adjusted[m] = Math.Max(_adjusted[m], _now[m]);
    }

    public GlobalState Save() => new(Highest, [.. _adjusted]);

    public void Restore(GlobalState state)
    {
        if (state.Adjusted.IsDefault || state.Adjusted.Length != _adjusted.Length)
            throw new ArgumentException("The saved state does not hold the metrics of the settings.", nameof(state));
        Refresh();
        Highest = state.Highest;
        state.Adjusted.CopyTo(_adjusted);
    }

    private void Refresh()
    {
        for (var m = 0; m < _streams.Length; m++)
            _logs[m] = _streams[m].FailEvidence;
        LogEvidence = EvidenceMerging.Average(_logs, _weights);
    }
}
