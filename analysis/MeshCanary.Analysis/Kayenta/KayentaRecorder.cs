using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>Makes one value per step and metric of interval counts.</summary>
internal sealed class KayentaRecorder
{
    private readonly string[] _metrics;
    private readonly TimeSpan _step;
    private readonly int _most;
    private readonly List<double?>[] _control;
    private readonly List<double?>[] _experiment;
    private ArmCounts _openControl = ArmCounts.None;
    private ArmCounts _openExperiment = ArmCounts.None;

    public KayentaRecorder(KayentaSettings settings)
    {
        _metrics = [.. settings.Config.Metrics.Select(metric => metric.Name)];
        _step = settings.Step;
        _most = (int)((settings.WarmUp + settings.Lifetime) / settings.Step);
        _control = Array.ConvertAll(_metrics, _ => new List<double?>());
        _experiment = Array.ConvertAll(_metrics, _ => new List<double?>());
    }

    /// <summary>Start of the first interval.</summary>
    public DateTimeOffset? Origin { get; private set; }

    /// <summary>Closed steps.</summary>
    public int Steps { get; private set; }

    /// <summary>Up to when the values are complete.</summary>
    public DateTimeOffset? CompleteUpTo => Origin + (Steps * _step);

    /// <summary>
    /// Takes an interval into the step that its start falls in, or into the open one when that step is closed already.
    /// Steps without an interval have no values.
    /// </summary>
    public void Observe(IntervalSample sample)
    {
        Origin ??= sample.Start;
        Close(sample.Start);
        _openControl = _openControl.Merge(sample.Baseline ?? sample.Stable);
        _openExperiment = _openExperiment.Merge(sample.Canary);
        Close(sample.End);
    }

    /// <summary>The pairs of a window.</summary>
    public ImmutableArray<KayentaPair> Pairs(KayentaWindow window)
    {
        var (from, to) = (Place(window.Start), Place(window.End));
        return [.. _metrics.Select((name, m) => new KayentaPair(name, Part(_control[m], from, to), Part(_experiment[m], from, to)))];
    }

    /// <summary>Forgets the values: nothing is judged any more.</summary>
    public void Clear()
    {
        foreach (var values in _control.Concat(_experiment))
            values.Clear();
        (_openControl, _openExperiment) = (ArmCounts.None, ArmCounts.None);
    }

    public KayentaState Save(DateTimeOffset? lastEnd, ImmutableArray<double?> scores, KayentaJudgement? lastJudgement) => new()
    {
        Origin = Origin,
        LastEnd = lastEnd,
        Steps = Steps,
        Control = _openControl,
        Experiment = _openExperiment,
        Series = [.. _metrics.Select((name, m) => new KayentaSeriesState(name, [.. _control[m]], [.. _experiment[m]]))],
        Scores = scores,
        LastJudgement = lastJudgement,
    };

    /// <exception cref="ArgumentException">The state belongs to other settings, or is cut short.</exception>
    public void Restore(KayentaState state, bool isOver)
    {
        var kept = isOver ? 0 : state.Steps;
        if (state.Series.IsDefault || !state.Series.Select(series => series.Metric).SequenceEqual(_metrics) || state.Steps < 0 || state.Steps > _most
            || state.Series.Any(series => series.Control.Length != kept || series.Experiment.Length != kept))
            throw new ArgumentException("The saved state does not hold the metrics and steps of the settings: it belongs to other settings.", nameof(state));
        (Origin, Steps, _openControl, _openExperiment) = (state.Origin, state.Steps, state.Control, state.Experiment);
        for (var m = 0; m < _metrics.Length; m++)
        {
            _control[m].AddRange(state.Series[m].Control);
            _experiment[m].AddRange(state.Series[m].Experiment);
        }
    }

    private void Close(DateTimeOffset upTo)
    {
        while (Steps < _most && Origin + ((Steps + 1) * _step) <= upTo)
        {
            for (var m = 0; m < _metrics.Length; m++)
            {
                _control[m].Add(KayentaMetricNames.Value(_metrics[m], _openControl, _step));
                _experiment[m].Add(KayentaMetricNames.Value(_metrics[m], _openExperiment, _step));
            }

            (_openControl, _openExperiment) = (ArmCounts.None, ArmCounts.None);
            Steps++;
        }
    }

    private int Place(DateTimeOffset time) => (int)Math.Clamp((time - Origin!.Value).Ticks / _step.Ticks, 0, Steps);

    private static ImmutableArray<double> Part(List<double?> values, int from, int to) =>
        [.. values.Skip(from).Take(to - from).Select(value => value ?? double.NaN)];
}
