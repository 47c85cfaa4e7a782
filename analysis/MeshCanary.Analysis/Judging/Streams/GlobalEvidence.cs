using MeshCanary.Analysis.Judging.Custom;
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
    private readonly CustomStreams _custom;
    private readonly int _own;
    private readonly double[] _now;
    private readonly double[] _adjusted;

    public GlobalEvidence(AnalysisSettings settings, MetricStream[] streams, CustomStreams custom)
    {
        (_own, _custom) = (streams.Length, custom);
        var (own, others) = WeightsFor(settings);
        _mean = new MeanEvidence([.. streams.Select(stream => stream.Fail)], [.. own, .. others], custom.Weighed);
        _now = new double[_mean.Weights.Length];
        _adjusted = new double[_mean.Weights.Length];
    }

    /// <summary>Weights of errors and latency: 0.4 for errors and the rest shared by latency, or all of it without latency; less what custom metrics weigh.</summary>
    public ReadOnlySpan<double> Weights => _mean.Weights[.._own];

    /// <summary>Weights of the custom metrics.</summary>
    public ReadOnlySpan<double> CustomWeights => _mean.Weights[_own..];

    /// <summary>Closure-adjusted evidence of the custom metrics at its highest so far.</summary>
    public ReadOnlySpan<double> CustomAdjusted => _adjusted.AsSpan(_own);

    /// <summary>ln of the mean now.</summary>
    public double LogEvidence => _mean.LogEvidence;

    /// <summary>Its highest so far, at least 0.</summary>
    public double Highest => _mean.Highest;

    /// <summary>Closure-adjusted evidence per metric at its highest so far.</summary>
    public ReadOnlySpan<double> Adjusted => _adjusted;

    /// <summary>The mean over processes that take the place of those of errors and latency. Custom metrics stay as they are.</summary>
    public MeanEvidence MeanOf(EvidenceProcess[] processes) => new(processes, _mean.Weights.ToArray(), _custom.Weighed);

    /// <summary>The weights of errors, latency and custom metrics.</summary>
    public static (double[] Own, double[] Custom) WeightsFor(AnalysisSettings settings)
    {
        var percentiles = settings.LatencyPercentiles.Length;
        double[] own = percentiles == 0 ? [1] : [ErrorWeight, .. Enumerable.Repeat((1 - ErrorWeight) / percentiles, percentiles)];
        double[] custom = [.. settings.Metrics.Where(metric => metric.Kind != CustomKind.Guard).Select(metric => metric.Weight)];
        var rest = 1 - custom.Sum();
        return (Array.ConvertAll(own, weight => weight * rest), custom);
    }

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
