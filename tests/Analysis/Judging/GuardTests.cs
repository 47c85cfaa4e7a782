using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class GuardTests
{
    private static readonly ArmCounts Healthy = Traffic.Arm(0, 100);
    private static readonly ArmCounts Broken = Traffic.Arm(60, 40);

    [Fact]
    public void Guard_BreachedInTwoIntervalsInARow_FailsAtOnceAndSaysWhat()
    {
        var judge = Judge(new Guard { Metric = "errorRate", Max = 0.5 });
        judge.Observe(Traffic.Interval(0, Healthy, Broken));
        Assert.Equal(VerdictKind.NotEnoughData, judge.Assess().Kind);
        judge.Observe(Traffic.Interval(1, Healthy, Broken));
        var verdict = judge.Assess();
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.Equal([new GuardBreach("errorRate", 0.5, 0.6, 100)], verdict.Breaches);
        Assert.Equal("Guard breached: errorRate of the canary is 60.00 % of 100 requests, the limit is 50.00 %.", verdict.Reason);
    }

    [Fact]
    public void Guard_BreachedInWarmUp_FailsAndStaysBlown()
    {
        var judge = Judge(new Guard { Metric = "errorRate", Max = 0.5, Intervals = 1 });
        judge.Warm(Traffic.Interval(0, Healthy, Broken));
        judge.Observe(Traffic.Interval(1, Healthy, Healthy));
        Assert.Equal(VerdictKind.Fail, judge.Assess().Kind);
    }

    [Fact]
    public void Guard_HealthyIntervalBetween_StartsOver()
    {
        var judge = Judge(new Guard { Metric = "errorRate", Max = 0.5 });
        foreach (var (canary, index) in new[] { Broken, Healthy, Broken }.Select((canary, index) => (canary, index)))
            judge.Observe(Traffic.Interval(index, Healthy, canary));
        Assert.Empty(judge.Assess().Breaches);
    }

    [Fact]
    public void Guard_IntervalWithFewRequestsBetween_IsPassedOver()
    {
        var judge = Judge(new Guard { Metric = "errorRate", Max = 0.5, MinimumRequests = 20 });
        foreach (var (canary, index) in new[] { Broken, Traffic.Arm(0, 19), Traffic.Arm(19, 0), Broken }.Select((canary, index) => (canary, index)))
            judge.Observe(Traffic.Interval(index, Healthy, canary));
        Assert.Single(judge.Assess().Breaches);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void LatencyGuard_PercentileRoundTheLimit_BlowsOnlyWhenSurelyAbove(int shift, bool blows)
    {
        const double Limit = 0.5;
        var judge = Judge(new Guard { Metric = "latencyP99", Max = Limit, Intervals = 1 });
        judge.Observe(Traffic.Interval(0, Healthy, Traffic.Arm(0, 100, LatencyBuckets.IndexOf(Limit) + shift)));
        Assert.Equal(blows ? VerdictKind.Fail : VerdictKind.NotEnoughData, judge.Assess().Kind);
    }

    [Fact]
    public void LatencyGuard_OverflowingLatency_ReportsAFiniteNumber()
    {
        var judge = Judge(new Guard { Metric = "latencyP50", Max = 1, Intervals = 1 });
        judge.Observe(Traffic.Interval(0, Healthy, Traffic.Arm(0, 100, LatencyBuckets.Overflow)));
        var breach = Assert.Single(judge.Assess().Breaches);
        Assert.Equal(LatencyBuckets.UpperEdgeSeconds(LatencyBuckets.LastFinite), breach.Observed);
    }

    [Fact]
    public void LatencyGuard_OnlyErrors_LeavesThemToTheErrorGuard()
    {
        var judge = Judge(new Guard { Metric = "latencyP50", Max = 0.001, Intervals = 1 });
        judge.Observe(Traffic.Interval(0, Healthy, Traffic.Arm(100, 0)));
        Assert.Empty(judge.Assess().Breaches);
    }

    private static CanaryJudge Judge(Guard guard) => new(new AnalysisSettings { Guards = [guard] });
}
