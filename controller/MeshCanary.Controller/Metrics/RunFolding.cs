using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Baking;
using MeshCanary.Analysis.Samples;
using MeshCanary.Controller.Metrics.Templates;
using MeshCanary.Controller.Recording;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Metrics;

/// <summary>Feeds finished windows to a run's judge. Pure: the same analysis and windows give the same bits.</summary>
internal static class RunFolding
{
    /// <summary>Whether a status has a run whose counts matter.</summary>
    public static bool Wants(RolloutStatus status) =>
        status.Run is not null && status.Phase is Phase.Progressing or Phase.Paused or Phase.Promoting or Phase.Baking;

    /// <summary>
    /// The analysis begun afresh when its state was written by another version of the engine, which this one cannot go on
    /// from: with an empty judge and the evidence of the run so far lost. Null when it can.
    /// </summary>
    public static RunAnalysis? Afresh(RunAnalysis analysis) =>
        (analysis.Judge is { } judge && judge.Version != JudgeState.CurrentVersion) || (analysis.BakeState is { } bake && bake.Version != BakeState.CurrentVersion)
            ? analysis with { Judge = null, Verdict = null, BakePlan = null, BakeState = null, Bake = null }
            : null;

    /// <summary>Whether custom metrics are asked for: until the promotion is done. A bake has no second arm.</summary>
    public static bool Asks(RolloutStatus status) => Wants(status) && status.Phase != Phase.Baking;

    /// <summary>
    /// The analysis after the windows, and an entry for the record per window. Answers go with the last window: a source may take its
    /// time, and what the proxies counted does not wait for it. Without a window they stay where they are.
    /// </summary>
    public static (RunAnalysis Analysis, ImmutableArray<RunInterval> Intervals) Fold(
        RunAnalysis analysis, RolloutStatus status, ImmutableArray<ClosedWindow> windows, ImmutableArray<AskedSpan> asked)
    {
        var run = status.Run!;
        var intervals = ImmutableArray.CreateBuilder<RunInterval>(windows.Length);
        foreach (var window in windows.Where(window => window.End > analysis.CountedThrough))
        {
            var answers = window == windows[^1] && Asks(status) ? asked : [];
            var sample = window.Sample(run.Baseline.Name, run.Canary.Name) with
            {
                Custom = answers.IsEmpty ? null : [.. answers.Select(span => span.Reading(run.WarmupUntil))],
            };
            var began = analysis.Judge is null;
            var mirrored = window.Mirrors.GetValueOrDefault(run.Canary.Name);
            analysis = analysis with { Intervals = analysis.Intervals + 1, CountedThrough = window.End, Mirrored = MirrorFigures.Add(analysis.Mirrored, mirrored) };
            analysis = Remember(analysis, answers);
            analysis = status.Phase == Phase.Baking ? Watch(analysis, run, window) : Judge(analysis, run, window, sample);
            var use = status.Phase == Phase.Baking ? IntervalUse.Bake : UseOf(run, window);
            intervals.Add(new RunInterval
            {
                Number = analysis.Intervals,
                Use = use,
                Step = run.Step,
                ConfigVersions = window.ConfigVersions,
                Sample = sample,
                Asked = answers.IsEmpty ? null : answers,
                Mirrored = mirrored,
                Queries = window.Queries,
                IsAfresh = use != IntervalUse.Bake && began,
                Verdict = use == IntervalUse.Bake ? null : analysis.Verdict,
                Bake = use == IntervalUse.Bake ? analysis.Bake : null,
            });
        }

        return (analysis, intervals.ToImmutable());
    }

    private static RunAnalysis Remember(RunAnalysis analysis, ImmutableArray<AskedSpan> answers) => answers.IsEmpty
        ? analysis
        : analysis with { Asked = [.. analysis.Asked.Concat(answers).GroupBy(span => span.Metric, StringComparer.Ordinal).Select(group => group.MaxBy(span => span.To)!)] };

    private static RunAnalysis Judge(RunAnalysis analysis, Run run, ClosedWindow window, IntervalSample sample)
    {
        var judge = Restore(analysis.Settings, analysis.Judge);
        if (UseOf(run, window) == IntervalUse.Warmup)
            judge.Warm(sample);
        else
            judge.Observe(sample);
        return Count(analysis, run, window.Start, sample.Canary.Requests) with { Judge = judge.Save(), Verdict = judge.Assess() };
    }

    private static RunAnalysis Watch(RunAnalysis analysis, Run run, ClosedWindow window)
    {
        var plan = analysis.BakePlan ?? BakePlan.Of(analysis.Settings, analysis.Judge, analysis.Verdict, analysis.BakeIntervals);
        var watch = analysis.BakeState is { } state ? BakeWatch.Restore(analysis.Settings, plan, state) : new BakeWatch(analysis.Settings, plan);
        watch.Observe(window.Of(run.Canary.Name).Counts);
        return analysis with { BakePlan = plan, BakeState = watch.Save(), Bake = watch.Assess() };
    }

    private static RunAnalysis Count(RunAnalysis analysis, Run run, DateTimeOffset start, long requests)
    {
        if (run.StepAcknowledgedAt is not { } acknowledged)
            return analysis with { StepAcknowledgedAt = null, StepCanaryRequests = 0 };
        var before = analysis.StepAcknowledgedAt == acknowledged ? analysis.StepCanaryRequests : 0;
        return analysis with { StepAcknowledgedAt = acknowledged, StepCanaryRequests = before + (start >= acknowledged ? requests : 0) };
    }

    private static IntervalUse UseOf(Run run, ClosedWindow window) =>
        run.WarmupUntil is { } until && window.Start >= until ? IntervalUse.Counted : IntervalUse.Warmup;

    private static CanaryJudge Restore(AnalysisSettings settings, JudgeState? state) =>
        state is null ? new CanaryJudge(settings) : CanaryJudge.Restore(settings, state);
}
