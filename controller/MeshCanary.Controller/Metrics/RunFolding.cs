using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Baking;
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

    /// <summary>The analysis after the windows, and an entry for the record per window.</summary>
    public static (RunAnalysis Analysis, ImmutableArray<RunInterval> Intervals) Fold(
        RunAnalysis analysis, RolloutStatus status, ImmutableArray<ClosedWindow> windows)
    {
        var run = status.Run!;
        var intervals = ImmutableArray.CreateBuilder<RunInterval>(windows.Length);
        foreach (var window in windows.Where(window => window.End > analysis.CountedThrough))
        {
            var began = analysis.Judge is null;
            var mirrored = window.Mirrors.GetValueOrDefault(run.Canary.Name);
            analysis = analysis with { Intervals = analysis.Intervals + 1, CountedThrough = window.End, Mirrored = MirrorFigures.Add(analysis.Mirrored, mirrored) };
            analysis = status.Phase == Phase.Baking ? Watch(analysis, run, window) : Judge(analysis, run, window);
            var use = status.Phase == Phase.Baking ? IntervalUse.Bake : UseOf(run, window);
            intervals.Add(new RunInterval
            {
                Number = analysis.Intervals,
                Use = use,
                Step = run.Step,
                ConfigVersions = window.ConfigVersions,
                Sample = window.Sample(run.Baseline.Name, run.Canary.Name),
                Mirrored = mirrored,
                Queries = window.Queries,
                IsAfresh = use != IntervalUse.Bake && began,
                Verdict = use == IntervalUse.Bake ? null : analysis.Verdict,
                Bake = use == IntervalUse.Bake ? analysis.Bake : null,
            });
        }

        return (analysis, intervals.ToImmutable());
    }

    private static RunAnalysis Judge(RunAnalysis analysis, Run run, ClosedWindow window)
    {
        var judge = Restore(analysis.Settings, analysis.Judge);
        var sample = window.Sample(run.Baseline.Name, run.Canary.Name);
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
