using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Kayenta;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Judging;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Kayenta;

public sealed class EvaluationTests
{
    private static readonly KayentaSettings Short = new() { Lifetime = TimeSpan.FromMinutes(30) };

    [Theory]
    [InlineData(KayentaVersion.V1)]
    [InlineData(KayentaVersion.V2)]
    public void Evaluation_HealthyCanary_PassesAtTheEndAndNotBefore(KayentaVersion version)
    {
        var evaluation = new KayentaEvaluation(Short with { Version = version });
        var traffic = new Traffic(4);
        Assert.Null(evaluation.Assess().NextJudgement);
        for (var i = 0; i < 180; i++)
        {
            Assert.Equal(VerdictKind.NotEnoughData, evaluation.Assess().Kind);
            Assert.Equal(i / 60, evaluation.Assess().Made);
            var sample = traffic.Next();
            evaluation.Observe(sample);
            if (i < 179)
                Assert.Equal(sample.Start.AddSeconds(-10 * i) + TimeSpan.FromMinutes(10 * (((i + 1) / 60) + 1)), evaluation.Assess().NextJudgement);
        }

        var assessment = evaluation.Assess();
        Assert.Equal((VerdictKind.Pass, 3, 3, null), (assessment.Kind, assessment.Made, assessment.Planned, assessment.NextJudgement));
        Assert.Equal(100, assessment.Score);
        Assert.All(assessment.LastJudgement!.Metrics, metric => Assert.Equal((KayentaLabel.Pass, 30), (metric.Label, metric.Control.Count)));
        Assert.Equal("Judgement 3 of 3: Score 100 reaches 95 (pass). The last score 100 reaches the pass threshold 95.", assessment.Reason);
    }

    [Theory]
    [InlineData(KayentaVersion.V1)]
    [InlineData(KayentaVersion.V2)]
    public void Evaluation_FailingCanary_FailsAtTheFirstJudgementAndStays(KayentaVersion version)
    {
        var evaluation = new KayentaEvaluation(Short with { Version = version });
        for (var i = 0; i < 70; i++)
            evaluation.Observe(Traffic.Interval(i, Traffic.Arm(i % 3, 1000), Traffic.Arm(50 + (i % 3), 950)));
        var assessment = evaluation.Assess();
        Assert.Equal((VerdictKind.Fail, 1, null), (assessment.Kind, assessment.Made, assessment.NextJudgement));
        Assert.Equal(60, assessment.Score);
        Assert.Contains("errorRate High", assessment.Reason, StringComparison.Ordinal);
        Assert.Empty(evaluation.Save().Series[0].Control);
    }

    [Fact]
    public void Evaluation_SlowCanary_IsMarginalOrFailsByHowMuchIsSlow()
    {
        var evaluation = new KayentaEvaluation(Short);
        for (var i = 0; i < 60; i++)
            evaluation.Observe(Traffic.Interval(i, Traffic.Arm(1, 1000, 100 + (i / 6 % 3)), Traffic.Arm(1, 1000, 104 + (i / 6 % 3))));
        Assert.Equal((VerdictKind.Fail, 40.0), (evaluation.Assess().Kind, evaluation.Assess().Score));
        Assert.All(evaluation.Assess().LastJudgement!.Metrics.Skip(1), metric => Assert.Equal(KayentaLabel.High, metric.Label));
    }

    [Fact]
    public void Metrics_OneStep_AreReadFromTheCountsOfItsIntervals()
    {
        var settings = Short with
        {
            Version = KayentaVersion.V1,
            Config = new KayentaConfig { Metrics = [Metric("errorRate"), Metric("requestRate"), Metric("latencyP50"), Metric("latencyP99.9")] },
            Lifetime = TimeSpan.FromMinutes(2),
            Interval = TimeSpan.FromMinutes(2),
        };
        var evaluation = new KayentaEvaluation(settings);
        var gaveUp = Traffic.Arm(10, 80, 40) with { GivenUp = Traffic.Arm(0, 30, 200).Latency };
        evaluation.Observe(Traffic.Interval(0, Traffic.Arm(1, 99, 40), gaveUp));
        evaluation.Observe(Traffic.Interval(1, Traffic.Arm(3, 97, 60), ArmCounts.None));
        for (var i = 2; i < 6; i++)
            evaluation.Observe(Traffic.Interval(i, ArmCounts.None, ArmCounts.None));
        var state = evaluation.Save();
        Assert.Equal([2.0, 200 / 60.0, Edge(40), Edge(60)], state.Series.Select(series => Assert.Single(series.Control)!.Value));
        Assert.Equal([100 * 10 / 90.0, 2.0, Edge(40), Edge(200)], state.Series.Select(series => Assert.Single(series.Experiment)!.Value));
        for (var i = 6; i < 12; i++)
            evaluation.Observe(Traffic.Interval(i, Traffic.Arm(0, 1, LatencyBuckets.Overflow), ArmCounts.None));
        var judged = evaluation.Assess().LastJudgement!;
        Assert.All(judged.Metrics, metric => Assert.Equal((2, 1), (metric.Control.Count, metric.Experiment.Count)));
        Assert.Equal(1000 * LatencyBuckets.UpperEdgeSeconds(LatencyBuckets.LastFinite), judged.Metrics[2].Control.Maximum);
    }

    [Fact]
    public void Observe_BaselineArm_IsTheControl()
    {
        var evaluation = new KayentaEvaluation(Short);
        for (var i = 0; i < 6; i++)
            evaluation.Observe(Traffic.Interval(i, Traffic.Arm(100, 100), Traffic.Arm(0, 10)) with { Baseline = Traffic.Arm(5, 95) });
        Assert.Equal([5.0], evaluation.Save().Series[0].Control);
    }

    [Fact]
    public void Observe_GapsLongAndLateIntervals_KeepTheirSteps()
    {
        var evaluation = new KayentaEvaluation(Short);
        evaluation.Observe(Traffic.Interval(0, Traffic.Arm(1, 99), Traffic.Arm(0, 100)));
        evaluation.Observe(Traffic.Interval(18, Traffic.Arm(2, 98), Traffic.Arm(0, 100)));
        evaluation.Observe(Traffic.Interval(3, Traffic.Arm(4, 96), Traffic.Arm(0, 100)));
        var origin = Traffic.Interval(0, ArmCounts.None, ArmCounts.None).Start;
        evaluation.Observe(Traffic.Interval(24, Traffic.Arm(7, 93), Traffic.Arm(0, 100)) with { End = origin.AddMinutes(7) });
        Assert.Equal([1.0, null, null, 3.0, 7.0, null, null], evaluation.Save().Series[0].Control);
        evaluation.Observe(Traffic.Interval(0, ArmCounts.None, ArmCounts.None) with { Start = origin.AddYears(1), End = origin.AddYears(2) });
        Assert.Equal((VerdictKind.NotEnoughData, null, 3), (evaluation.Assess().Kind, evaluation.Assess().NextJudgement, evaluation.Assess().Made));
    }

    [Fact]
    public void Observe_IdleCanary_FirstVersionFails_SecondHasNoVerdict()
    {
        foreach (var (version, kind, made) in new[] { (KayentaVersion.V1, VerdictKind.Fail, 1), (KayentaVersion.V2, VerdictKind.NotEnoughData, 3) })
        {
            var evaluation = new KayentaEvaluation(Short with { Version = version });
            for (var i = 0; i < 180; i++)
                evaluation.Observe(Traffic.Interval(i, Traffic.Arm(1, 1000), ArmCounts.None));
            Assert.Equal((kind, made, null), (evaluation.Assess().Kind, evaluation.Assess().Made, evaluation.Assess().NextJudgement));
            Assert.Contains("4 of 4 metrics have no data", evaluation.Assess().Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WarmUpAndLookBack_Windows_LeaveTheRestOut()
    {
        var settings = Short with { WarmUp = TimeSpan.FromMinutes(5), LookBack = TimeSpan.FromMinutes(8), Lifetime = TimeSpan.FromMinutes(20) };
        var evaluation = new KayentaEvaluation(settings);
        for (var i = 0; i < 150; i++)
        {
            // Errors of the canary in the warm-up, and between it and the look-back of the first judgement.
            evaluation.Observe(Traffic.Interval(i, Traffic.Arm(1 + (i / 6 % 2), 1000), Traffic.Arm(i < 42 ? 500 : 1 + (i / 6 % 2), 1000)));
            if (i == 89)
                Assert.Equal((1, 100.0, 8), (evaluation.Assess().Made, evaluation.Assess().Score, evaluation.Assess().LastJudgement!.Metrics[0].Experiment.Count));
        }

        Assert.Equal(VerdictKind.Pass, evaluation.Assess().Kind);
    }

    [Theory]
    [InlineData(KayentaVersion.V1)]
    [InlineData(KayentaVersion.V2)]
    public void SaveAndRestore_AfterEveryInterval_ChangesNoBit(KayentaVersion version)
    {
        var settings = Short with { Version = version, Lifetime = TimeSpan.FromMinutes(12), Interval = TimeSpan.FromMinutes(6) };
        var through = new KayentaEvaluation(settings);
        var restored = new KayentaEvaluation(settings);
        var traffic = new Traffic(9);
        for (var i = 0; i < 80; i++)
        {
            var sample = traffic.Next();
            through.Observe(sample);
            restored.Observe(sample);
            restored = KayentaEvaluation.Restore(settings, JudgeAssertions.RoundTrip(restored.Save()));
            Assert.Equal(JudgeAssertions.Json(through.Save()), JudgeAssertions.Json(restored.Save()));
            Assert.Equal(JudgeAssertions.Json(through.Assess()), JudgeAssertions.Json(restored.Assess()));
            Assert.Equal(sample.End, restored.LastEnd);
        }

        Assert.Equal(VerdictKind.Pass, restored.Assess().Kind);
    }

    [Fact]
    public void Restore_StateOfOtherSettings_IsRefused()
    {
        var evaluation = new KayentaEvaluation(Short);
        for (var i = 0; i < 61; i++)
            evaluation.Observe(Traffic.Interval(i, Traffic.Arm(1, 1000), Traffic.Arm(1, 1000)));
        var state = evaluation.Save();
        var other = Short with { Config = new KayentaConfig { Metrics = [Metric("errorRate")] } };
        Assert.Throws<ArgumentException>(() => KayentaEvaluation.Restore(other, state));
        Assert.Throws<ArgumentException>(() => KayentaEvaluation.Restore(Short, state with { Layout = 0 }));
        Assert.Throws<ArgumentException>(() => KayentaEvaluation.Restore(Short, state with { Series = default }));
        Assert.Throws<ArgumentException>(() => KayentaEvaluation.Restore(Short, state with { Scores = default }));
        Assert.Throws<ArgumentException>(() => KayentaEvaluation.Restore(Short, state with { Scores = [0, 100] }));
        Assert.Throws<ArgumentException>(() => KayentaEvaluation.Restore(Short, state with { Steps = state.Steps + 1 }));
        Assert.Throws<ArgumentException>(() => KayentaEvaluation.Restore(Short, state with { LastJudgement = null }));
    }

    [Fact]
    public void Observe_SampleThatContradictsItself_IsRefused()
    {
        var sample = Traffic.Interval(0, ArmCounts.None, ArmCounts.None);
        Assert.Throws<ArgumentException>(() => new KayentaEvaluation(Short).Observe(sample with { End = sample.Start }));
    }

    private static KayentaMetric Metric(string name) => new() { Name = name, Groups = ["g"] };

    private static double Edge(int bucket) => 1000 * LatencyBuckets.UpperEdgeSeconds(bucket);
}
