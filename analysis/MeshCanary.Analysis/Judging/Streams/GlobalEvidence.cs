using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Streams;

/// <summary>
/// The FAIL evidence of all metrics as one, whose running maximum bounds the false rollback rate of the whole run. Culprits
/// are named by closure.
/// </summary>
internal sealed class GlobalEvidence
{
    private const double ErrorWeight = 0.4;

    private readonly MeanEvidence _mean;
    private readonly double[] _now;
    private readonly double[] _adjusted;

    public GlobalEvidence(MetricStream[] streams)
    {
        _mean = new MeanEvidence([.. streams.Select(stream => stream.Fail)], WeightsFor(streams.Length - 1));
        _now = new double[streams.Length];
        _adjusted = new double[streams.Length];
    }

    /// <summary>Weights of the metrics: 0.4 for errors and the rest shared by latency, or all of it without latency.</summary>
    public ReadOnlySpan<double> Weights => _mean.Weights;

    /// <summary>ln of the mean now.</summary>
    public double LogEvidence => _mean.LogEvidence;

    /// <summary>Its highest so far, at least 0.</summary>
    public double Highest => _mean.Highest;

    /// <summary>Closure-adjusted evidence per metric at its highest so far.</summary>
    public ReadOnlySpan<double> Adjusted => _adjusted;

    public static double[] WeightsFor(int percentiles) => percentiles == 0
        ? [1]
        : [ErrorWeight, .. Enumerable.Repeat((1 - ErrorWeight) / percentiles, percentiles)];

    /// <summary>Takes up what the streams learned in an interval.</summary>
    public void Update()
    {
        _mean.Update();
        EvidenceMerging.Closure(_mean.Logs, _mean.Weights, _now);
        for (var m = 0; m < _now.Length; m++)
            _adjusted[m] = Math.Max(_adjusted[m], _now[m]);
    }

    public GlobalState Save() => new(Highest, [.. _adjusted]);

    public void Restore(GlobalState state)
    {
        if (state.Adjusted.IsDefault || state.Adjusted.Length != _adjusted.Length)
            throw new ArgumentException("The saved state does not hold the metrics of the settings.", nameof(state));
        _mean.Restore(state.Highest);
        state.Adjusted.CopyTo(_adjusted);
    }
}
