using System.Globalization;
using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Environment;

/// <summary>
/// A permanent A/A test in a three-way rollout: the baseline arm and stable run the same version, so when either is worse
/// than the other beyond the tolerance something but the version differs between the arms, and no verdict on the canary
/// is to be trusted. Both directions and all metrics are averaged into one e-process at the false rollback rate. It begins
/// when the baseline arm has settled: new pods are slower than old ones for a while, as those of the canary are, and that is
/// what the baseline arm is for, not a fault.
/// </summary>
internal sealed class EnvironmentWatch
{
    private readonly ComparedMetric[] _metrics;
    private readonly double _threshold;
    private readonly TimeSpan _settling;
    private readonly EvidenceProcess[] _worse;
    private readonly EvidenceProcess[] _better;
    private readonly StableRate[] _stable;
    private readonly StableRate[] _baseline;
    private readonly MeanEvidence _mean;
    private DateTimeOffset? _since;

    public EnvironmentWatch(ComparedMetric[] metrics, ReadOnlySpan<double> weights, double threshold, TimeSpan settling)
    {
        (_metrics, _threshold, _settling) = (metrics, threshold, settling);
        _worse = Array.ConvertAll(metrics, metric => metric.NewFailProcess());
        _better = Array.ConvertAll(metrics, metric => metric.NewFailProcess());
        _stable = Array.ConvertAll(metrics, _ => new StableRate());
        _baseline = Array.ConvertAll(metrics, _ => new StableRate());
        var halves = Array.ConvertAll(weights.ToArray(), weight => weight / 2);
        _mean = new MeanEvidence([.. _worse, .. _better], [.. halves, .. halves]);
    }

    /// <summary>The shift in words once it is proven, then for good.</summary>
    public string? Fault { get; private set; }

    /// <summary>ln of the averaged e-process, at its highest.</summary>
    public double Evidence => _mean.Highest;

    /// <summary>Takes priors from the metrics.</summary>
    public void Place()
    {
        for (var m = 0; m < _metrics.Length; m++)
            _stable[m].Prior = _baseline[m].Prior = _metrics[m].Prior;
    }

    /// <summary>Notes when the baseline arm began to serve, in an interval of the warm-up or a counted one.</summary>
    public void Note(IntervalSample sample)
    {
        if (_since is null && sample.Baseline is { Attempts: > 0 })
            _since = sample.Start;
    }

    /// <summary>Takes a counted interval; one without a settled baseline arm says nothing.</summary>
    public void Observe(IntervalSample sample)
    {
        if (sample.Baseline is not { } baseline || Fault is not null || _since is not { } since || sample.Start - since < _settling)
            return;
        for (var m = 0; m < _metrics.Length; m++)
        {
            var metric = _metrics[m];
            var (ofStable, ofBaseline) = (metric.Bad(sample.Stable), metric.Bad(baseline));
            _worse[m].Observe(MetricStream.Block(metric.BeyondTolerance(baseline), ofStable), _stable[m].Value, metric.Noise.Value);
            _better[m].Observe(MetricStream.Block(metric.BeyondTolerance(sample.Stable), ofBaseline), _baseline[m].Value, metric.Noise.Value);
            _stable[m].Add(ofStable.Requests, ofStable.Events);
            _baseline[m].Add(ofBaseline.Requests, ofBaseline.Events);
        }

        _mean.Update();
        if (_mean.Highest >= _threshold)
            Fault = Describe();
    }

    public EnvironmentState Save() => new()
    {
        Fault = Fault,
        Since = _since,
        Highest = _mean.Highest,
        Metrics = [.. Enumerable.Range(0, _metrics.Length).Select(m => new EnvironmentMetricState
        {
            Worse = _worse[m].Save(),
            Better = _better[m].Save(),
            StableRequests = _stable[m].Requests,
            StableEvents = _stable[m].Events,
            BaselineRequests = _baseline[m].Requests,
            BaselineEvents = _baseline[m].Events,
        })],
    };

    public void Restore(EnvironmentState state)
    {
        if (state.Metrics.IsDefault || state.Metrics.Length != _metrics.Length)
            throw new ArgumentException("The saved state of the environment does not hold the metrics of the settings.", nameof(state));
        for (var m = 0; m < _metrics.Length; m++)
        {
            var saved = state.Metrics[m];
            _worse[m].Restore(saved.Worse);
            _better[m].Restore(saved.Better);
            (_stable[m].Requests, _stable[m].Events) = (saved.StableRequests, saved.StableEvents);
            (_baseline[m].Requests, _baseline[m].Events) = (saved.BaselineRequests, saved.BaselineEvents);
        }

        (Fault, _since) = (state.Fault, state.Since);
        _mean.Restore(state.Highest);
    }

    private string Describe()
    {
        var m = Enumerable.Range(0, _metrics.Length).MaxBy(i => Math.Max(_worse[i].LogEvidence, _better[i].LogEvidence));
        var (baseline, stable) = (_baseline[m], _stable[m]);
        return string.Create(CultureInfo.InvariantCulture,
            $"{_metrics[m].Name} of the baseline arm is {(double)baseline.Events / Math.Max(1, baseline.Requests):P2} of {baseline.Requests:N0} requests against {(double)stable.Events / Math.Max(1, stable.Requests):P2} of {stable.Requests:N0} of stable, which runs the same version (evidence {_mean.Highest:0.0} of {_threshold:0.0} needed)");
    }
}
