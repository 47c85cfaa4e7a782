using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class BaselineTests
{
    [Fact]
    public void Baseline_EnoughInWarmUp_EdgesStayWhereTheyWereFrozen()
    {
        var judge = new CanaryJudge(Traffic.Independent);
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 500, bucket: 100), Traffic.Arm(0, 100, bucket: 100)));
        judge.Observe(Traffic.Interval(1, Traffic.Arm(0, 5000, bucket: 150), Traffic.Arm(0, 5000, bucket: 150)));
        var latency = judge.Assess().Metrics.Where(metric => metric.Metric != "errors").ToArray();
        Assert.Equal(["latencyP50", "latencyP90", "latencyP99"], latency.Select(metric => metric.Metric));
        Assert.All(latency, metric => Assert.Equal(LatencyBuckets.UpperEdgeSeconds(100), metric.EdgeSeconds));
        Assert.All(latency, metric => Assert.Equal(LatencyBuckets.UpperEdgeSeconds(101), metric.ToleratedEdgeSeconds));
        Assert.All(latency, metric => Assert.Equal(5000, metric.StableEvents));
    }

    [Fact]
    public void Baseline_TooLittleInWarmUp_CountedIntervalsTeachItAndAreNotTested()
    {
        var judge = new CanaryJudge(Traffic.Independent with { MinimumBaselineRequests = 200 });
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 50), Traffic.Arm(0, 50)));
        judge.Observe(Traffic.Interval(1, Traffic.Arm(0, 100), Traffic.Arm(90, 10)));
        var learning = judge.Assess();
        Assert.Contains("150 of 200 stable requests", learning.Reason, StringComparison.Ordinal);
        Assert.All(learning.Metrics, metric => Assert.Null(metric.EdgeSeconds));
        judge.Observe(Traffic.Interval(2, Traffic.Arm(0, 50), Traffic.Arm(90, 10)));
        Assert.Equal(0, judge.Assess().FailEvidence, 1e-12);
        Assert.Equal(2, judge.Assess().Intervals);
        judge.Observe(Traffic.Interval(3, Traffic.Arm(0, 50), Traffic.Arm(90, 10)));
        Assert.True(judge.Assess().FailEvidence > 0);
        Assert.Equal(100, judge.Assess().Metrics[0].CanaryRequests);
        Assert.Equal(300, judge.Assess().CanaryRequests);
    }

    [Fact]
    public void Baseline_LatencyAtTheEndOfTheScale_LeavesRoomForTheMargins()
    {
        var settings = Traffic.Independent with { LatencyHarmBuckets = 10 };
        var judge = new CanaryJudge(settings);
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 500, LatencyBuckets.Overflow), Traffic.Arm(0, 100)));
        judge.Observe(Traffic.Interval(1, Traffic.Arm(0, 500, LatencyBuckets.Overflow), Traffic.Arm(0, 500, LatencyBuckets.Overflow)));
        Assert.Equal(LatencyBuckets.UpperEdgeSeconds(LatencyBuckets.LastFinite - 10), judge.Assess().Metrics[1].EdgeSeconds);
        JudgeAssertions.IsSane(judge.Assess());
    }

    [Fact]
    public void Baseline_EveryStableRequestFails_SaysThatThereIsNothingToCompareWith()
    {
        var judge = new CanaryJudge(Traffic.Independent);
        judge.Warm(Traffic.Interval(0, Traffic.Arm(1000, 0), Traffic.Arm(0, 1000)));
        judge.Observe(Traffic.Interval(1, Traffic.Arm(1000, 0), Traffic.Arm(0, 1000)));
        Assert.Contains("none of them succeeded", judge.Assess().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Edge_QuantileNearerToTheLowerEdge_TakesThatEdge()
    {
        var counts = new long[LatencyBuckets.Count];
        (counts[80], counts[81], counts[120]) = (48, 42, 10);
        var judge = new CanaryJudge(Traffic.Independent with { MinimumBaselineRequests = 100, LatencyPercentiles = [50, 90] });
        judge.Warm(Traffic.Interval(0, new ArmCounts { Errors = 0, Latency = LatencyHistogram.FromCounts(counts) }, ArmCounts.None));
        var metrics = judge.Assess().Metrics;
        Assert.Equal(LatencyBuckets.UpperEdgeSeconds(80), metrics[1].EdgeSeconds);
        Assert.Equal(LatencyBuckets.UpperEdgeSeconds(81), metrics[2].EdgeSeconds);
    }

    [Fact]
    public void Edge_NothingOfStableBeyondTheNearerOne_TakesTheOneThatCanProveSomething()
    {
        var counts = new long[LatencyBuckets.Count];
        (counts[80], counts[81]) = (96, 4);
        var judge = new CanaryJudge(Traffic.Independent with { MinimumBaselineRequests = 100, LatencyPercentiles = [99] });
        judge.Warm(Traffic.Interval(0, new ArmCounts { Errors = 0, Latency = LatencyHistogram.FromCounts(counts) }, ArmCounts.None));
        Assert.Equal(LatencyBuckets.UpperEdgeSeconds(80), judge.Assess().Metrics[1].EdgeSeconds);
    }
}
