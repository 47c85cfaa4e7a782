using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class SampleRatioTests
{
    private static readonly ArmCounts Arm = Traffic.Arm(0, 100);

    [Fact]
    public void Draws_HalfOfTheConfiguredShare_MakeTheVerdictInvalidWithBothShares()
    {
        var judge = new CanaryJudge(new AnalysisSettings());
        judge.Observe(Sample(0, new DrawCounts(1000, 9500, 500)));
        var verdict = judge.Assess();
        Assert.Equal(VerdictKind.Invalid, verdict.Kind);
        Assert.Contains("5.00 % of 10,000 requests were drawn for the canary against a configured share of 10 %", verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(50, verdict.Score);
    }

    [Fact]
    public void Draws_FaultOnlyAtALaterWeight_IsFound()
    {
        var judge = new CanaryJudge(new AnalysisSettings());
        judge.Observe(Sample(0, new DrawCounts(100, 99_000, 1000)));
        judge.Observe(Sample(1, new DrawCounts(1000, 90_000, 10_000)));
        Assert.NotEqual(VerdictKind.Invalid, judge.Assess().Kind);
        judge.Observe(Sample(2, new DrawCounts(5000, 52_000, 48_000)));
        Assert.Equal(VerdictKind.Invalid, judge.Assess().Kind);
    }

    [Theory]
    [InlineData(0, 1000, 1, true)]
    [InlineData(0, 1000, 0, false)]
    [InlineData(10_000, 1, 1000, true)]
    [InlineData(10_000, 0, 1000, false)]
    public void Draws_AtAllOrNothing_OneWrongDrawIsAFault(int weight, long stable, long canary, bool fault)
    {
        var judge = new CanaryJudge(new AnalysisSettings());
        judge.Observe(Sample(0, new DrawCounts(weight, stable, canary)));
        Assert.Equal(fault, judge.Assess().Kind == VerdictKind.Invalid);
    }

    [Fact]
    public void Draws_AsConfiguredThroughManyWeights_AreNeverAFault()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var judge = new CanaryJudge(new AnalysisSettings());
            for (var i = 0; i < 60; i++)
            {
                var weight = new[] { 100, 500, 1000, 2500, 5000 }[i / 12];
                var canary = BinomialSampler.Next(random, 1000, weight / 10_000.0);
                judge.Observe(Sample(i, new DrawCounts(weight, 1000 - canary, canary)));
            }

            Assert.NotEqual(VerdictKind.Invalid, judge.Assess().Kind);
        }
    }

    [Fact]
    public void Guard_BlownWhileTheSplitIsBroken_StillFails()
    {
        var judge = new CanaryJudge(new AnalysisSettings { Guards = [new Guard { Metric = "errorRate", Max = 0.5, Intervals = 1 }] });
        judge.Observe(Traffic.Interval(0, Arm, Traffic.Arm(100, 0)) with { Draws = [new DrawCounts(0, 100, 100)] });
        Assert.Equal(VerdictKind.Fail, judge.Assess().Kind);
    }

    private static IntervalSample Sample(int index, DrawCounts draws) => Traffic.Interval(index, Arm, Arm) with { Draws = [draws] };
}
