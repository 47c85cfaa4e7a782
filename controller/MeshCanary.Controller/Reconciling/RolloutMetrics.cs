using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;
using Prometheus;

namespace MeshCanary.Controller.Reconciling;

/// <summary>Figures on the rollouts themselves.</summary>
internal sealed class RolloutMetrics(MetricFactory factory)
{
    private static readonly ImmutableArray<(Phase Value, string Word)> Phases = Words<Phase>();
    private static readonly ImmutableArray<(VerdictKind Value, string Word)> Verdicts = Words<VerdictKind>();

    private readonly Gauge _phase = factory.CreateGauge("meshcanary_canary_phase", "1 for the phase that the Canary is in, 0 for the others.", "canary", "phase");
    private readonly Gauge _weight = factory.CreateGauge("meshcanary_canary_weight", "The canary's share (0…1) as desired, acknowledged and measured; NaN while unknown.", "canary", "kind");
    private readonly Gauge _score = factory.CreateGauge("meshcanary_canary_score", "Canary score, 0…100; NaN without a verdict.", "canary");
    private readonly Gauge _verdict = factory.CreateGauge("meshcanary_canary_verdict", "1 for the verdict on the run, 0 for the others.", "canary", "verdict");
    private readonly Gauge _evidence = factory.CreateGauge("meshcanary_canary_evidence", "Evidence (natural logarithm) by metric and side.", "canary", "metric", "side");
    private readonly Gauge _threshold = factory.CreateGauge("meshcanary_canary_evidence_threshold", "Evidence (natural logarithm) that decides, by side.", "canary", "side");
    private readonly Gauge _overdispersion = factory.CreateGauge("meshcanary_calibration_overdispersion", "How many times more a metric of stable varies than independent requests would.", "canary", "metric");
    private readonly Gauge _blocks = factory.CreateGauge("meshcanary_calibration_blocks", "Minutes that the overdispersion rests on.", "canary", "metric");
    private readonly Gauge _fresh = factory.CreateGauge("meshcanary_calibration_fresh", "1 when a run that begins now would use the calibration, otherwise 0.", "canary");
    private readonly Gauge _alarm = factory.CreateGauge("meshcanary_calibration_alarm", "1 while the run in flight finds stable louder than the calibration it began with, otherwise 0.", "canary", "metric");
    private readonly Counter _runs = factory.CreateCounter("meshcanary_runs_total", "Runs that ended, by outcome.", "canary", "outcome");
    private readonly Histogram _duration = factory.CreateHistogram(
        "meshcanary_run_duration_seconds",
        "Time from the begin of a run to its end.",
        ["outcome"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(10, 2, 14) });

    private readonly ExposureMetrics _exposure = new(factory);

    /// <summary>Shows a Canary, and counts the runs that have just ended.</summary>
    public void Show(string key, CanaryView view, ImmutableArray<Run> ended)
    {
        foreach (var (phase, word) in Phases)
            _phase.WithLabels(key, word).Set(phase == view.Phase ? 1 : 0);
        _weight.WithLabels(key, "desired").Set(view.Weight.Desired / 10_000.0);
        _weight.WithLabels(key, "acknowledged").Set(view.Weight.Acknowledged / 10_000.0 ?? double.NaN);
        _weight.WithLabels(key, "measured").Set(view.Weight.Measured / 10_000.0 ?? double.NaN);
        ShowVerdict(key, view.Verdict);
        ShowCalibration(key, view.Calibration);
        _exposure.Show(key, view);
        foreach (var run in ended)
        {
            var outcome = run.Outcome is { } known ? Word(known) : "unknown";
            _runs.WithLabels(key, outcome).Inc();
            _duration.WithLabels(outcome).Observe(((run.EndedAt ?? run.StartedAt) - run.StartedAt).TotalSeconds);
        }
    }

    /// <summary>A Canary is gone.</summary>
    public void Forget(string key)
    {
        foreach (var figure in new Collector<Gauge.Child>[] { _phase, _weight, _score, _verdict, _evidence, _threshold, _overdispersion, _blocks, _fresh, _alarm }.Concat(_exposure.All))
        {
            foreach (var labels in figure.GetAllLabelValues().Where(labels => labels[0] == key).ToList())
                figure.RemoveLabelled(labels);
        }
    }

    private void ShowVerdict(string key, Verdict? verdict)
    {
        _score.WithLabels(key).Set(verdict?.Score ?? double.NaN);
        foreach (var (kind, word) in Verdicts)
            _verdict.WithLabels(key, word).Set(kind == verdict?.Kind ? 1 : 0);
        _threshold.WithLabels(key, "fail").Set(verdict?.FailThreshold ?? double.NaN);
        _threshold.WithLabels(key, "pass").Set(verdict?.PassThreshold ?? double.NaN);
        _evidence.WithLabels(key, "all", "fail").Set(verdict?.FailEvidence ?? double.NaN);
        if (verdict is null)
            return;
        foreach (var metric in verdict.Metrics)
        {
            _evidence.WithLabels(key, metric.Metric, "fail").Set(metric.FailEvidence);
            _evidence.WithLabels(key, metric.Metric, "pass").Set(metric.PassEvidence);
        }
    }

    private void ShowCalibration(string key, CalibrationView? calibration)
    {
        _fresh.WithLabels(key).Set(calibration?.Standing == CalibrationStanding.Fresh ? 1 : 0);
        if (calibration is null)
            return;
        foreach (var metric in calibration.Metrics)
        {
            _overdispersion.WithLabels(key, metric.Metric).Set(metric.Overdispersion);
            _blocks.WithLabels(key, metric.Metric).Set(metric.Blocks);
            _alarm.WithLabels(key, metric.Metric).Set(metric.Louder is null ? 0 : 1);
        }
    }

    private static ImmutableArray<(T Value, string Word)> Words<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(value => (value, Word(value)))];

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
