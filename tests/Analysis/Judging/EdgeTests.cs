using System.Collections.Immutable;
using CsCheck;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Edges;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

/// <summary>Where edges come from, and what a source's own buckets make of them.</summary>
public sealed class EdgeTests
{
    private static readonly ImmutableArray<double> Prometheus = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 300];

    private static readonly Gen<ImmutableArray<double>> AnyBoundaries = Gen.OneOf(
        Gen.Const(Prometheus),
        Gen.Double[0.0003, 100].Array[2, 20].Select(all => all.Distinct().Order().ToImmutableArray()).Where(all => all.Length > 1),
        Gen.Int[1, 5].Select(schema => Enumerable.Range(0, 60).Select(i => 0.001 * Math.Pow(2, i / Math.Pow(2, schema))).ToImmutableArray()));

    [Fact]
    public void Edges_FreshHistory_NeedNoLearningAndDoNotMove()
    {
        var judge = new CanaryJudge(new AnalysisSettings { Calibration = Fleet.Profile() });
        var before = judge.Assess().Metrics;
        Assert.All(before.Skip(1), metric => Assert.Equal(LatencyBuckets.UpperEdgeSeconds(100), metric.EdgeSeconds));
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 100_000, bucket: 150), Traffic.Arm(0, 100, bucket: 150)));
        judge.Observe(Traffic.Interval(1, Traffic.Arm(0, 1000, bucket: 100), Traffic.Arm(300, 700, bucket: 100)));
        var after = judge.Assess().Metrics;
        Assert.Equal(before.Select(metric => metric.EdgeSeconds), after.Select(metric => metric.EdgeSeconds));
        Assert.True(after[0].FailEvidence > 0);
    }

    [Fact]
    public void Edges_HistoryWithTooFewRequests_AreLearnedInTheWarmUp()
    {
        var profile = Fleet.Profile() with { StableErrors = 0, StableLatency = Traffic.Arm(0, 100).Latency };
        var judge = new CanaryJudge(new AnalysisSettings { Calibration = profile });
        Assert.Null(judge.Assess().Metrics[1].EdgeSeconds);
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 250, bucket: 150), Traffic.Arm(0, 100, bucket: 150)));
        Assert.Equal(LatencyBuckets.UpperEdgeSeconds(150), judge.Assess().Metrics[1].EdgeSeconds);
    }

    [Fact]
    public void Pass_StableLatencyNearlyConstant_IsProvenBySomeHundredsOfRequests()
    {
        var judge = new CanaryJudge(Traffic.Independent);
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 1000), Traffic.Arm(0, 100)) with { Draws = [] });
        for (var i = 1; i <= 10; i++)
            judge.Observe(Traffic.Interval(i, Traffic.Arm(0, 500), Traffic.Arm(0, 500)) with { Draws = [] });
        Assert.Equal(VerdictKind.Pass, judge.Assess().Kind);
    }

    [Fact]
    public void Pass_StableLatencyNearlyConstant_IsNotGivenToACanaryWithASlowTail()
    {
        // 1.5 % of the canary is slow: p50 and p90 are fine, and p99 is not.
        var counts = new long[LatencyBuckets.Count];
        (counts[100], counts[200]) = (985, 15);
        var canary = new ArmCounts { Errors = 0, Latency = LatencyHistogram.FromCounts(counts) };
        var judge = new CanaryJudge(Traffic.Independent with { FalseRollbackRate = 1e-300 });
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 1000), Traffic.Arm(0, 100)));
        for (var i = 1; i <= 60; i++)
            judge.Observe(Traffic.Interval(i, Traffic.Arm(0, 1000), canary) with { Draws = [] });
        var metrics = judge.Assess().Metrics;
        Assert.True(metrics[1].PassEvidence >= judge.Assess().PassThreshold);
        Assert.True(metrics[2].PassEvidence >= judge.Assess().PassThreshold);
        Assert.True(metrics[3].PassEvidence < 1);
        Assert.True(metrics[3].FailEvidence > 10);
    }

    [Fact]
    public void Grid_AnyBoundaries_RoundsSoThatNeitherTestIsEasierThanAsked() =>
        Gen.Select(AnyBoundaries, Gen.Int[0, 302], Gen.Int[0, 40]).Sample((boundaries, bucket, shift) =>
        {
            var grid = new BucketGrid(boundaries);
            var edge = grid.Closing(bucket);
            var asked = grid.Seconds(edge) * Math.Pow(2, shift / 16.0);
            Assert.True(grid.Seconds(grid.Up(edge, shift)) >= asked * (1 - 1e-8));
            Assert.True(grid.Seconds(grid.Down(edge, shift)) <= asked * (1 + 1e-8));
            Assert.True(grid.Seconds(grid.Down(edge, shift)) >= grid.Seconds(edge));
            Assert.Contains(grid.Seconds(edge), boundaries);
            Assert.True(grid.Before(edge) < edge);

            // The nearest ones: no boundary lies between what was asked and what is used.
            Assert.DoesNotContain(boundaries, boundary => boundary <= 120 && boundary > asked * (1 + 1e-8) && boundary < grid.Seconds(grid.Up(edge, shift)) && LatencyBuckets.IndexOf(boundary) != grid.Up(edge, shift));
        }, iter: 2000);

    [Fact]
    public void Grid_PrometheusBuckets_ShowTheFactorsInForceAndWhatCannotBeProven()
    {
        // A source's whole bucket lies in the layout bucket of its upper boundary.
        var counts = new long[LatencyBuckets.Count];
        (counts[LatencyBuckets.IndexOf(0.1)], counts[LatencyBuckets.IndexOf(0.25)]) = (500, 500);
        var arm = new ArmCounts { Errors = 0, Latency = LatencyHistogram.FromCounts(counts) };
        var judge = new CanaryJudge(Traffic.Independent with { LatencyBoundaries = Prometheus, LatencyPercentiles = [50] });
        judge.Warm(Traffic.Interval(0, arm, arm));
        judge.Observe(Traffic.Interval(1, arm, arm));
        var metric = judge.Assess().Metrics[1];
        Assert.Equal((0.1, 0.25, 0.1), (metric.EdgeSeconds, metric.ToleratedEdgeSeconds, metric.HarmEdgeSeconds));
        Assert.Equal((500, 500, 0), (metric.StableEvents, metric.CanaryEvents, metric.CanaryEventsBeyondTolerance));
        Assert.Contains(judge.Assess().Caveats, caveat => caveat.StartsWith("latencyP50 cannot be proven harmless within a factor of 1.19", StringComparison.Ordinal));
        var wide = new CanaryJudge(Traffic.Independent with { LatencyBoundaries = Prometheus, LatencyPercentiles = [50], LatencyHarmBuckets = 24 });
        wide.Warm(Traffic.Interval(0, arm, arm));
        for (var i = 1; i < 10; i++)
            wide.Observe(Traffic.Interval(i, arm, arm));
        Assert.Equal(0.25, wide.Assess().Metrics[1].HarmEdgeSeconds);
        Assert.True(wide.Assess().Metrics[1].PassEvidence >= wide.Assess().PassThreshold);
        Assert.DoesNotContain(wide.Assess().Caveats, caveat => caveat.Contains("cannot be proven", StringComparison.Ordinal));
    }

    [Fact]
    public void Grid_EverythingBeyondTheLastBoundary_LeavesRoomForTheTolerance()
    {
        var arm = Traffic.Arm(0, 1000, LatencyBuckets.Overflow);
        var judge = new CanaryJudge(Traffic.Independent with { LatencyBoundaries = Prometheus, LatencyPercentiles = [50] });
        judge.Warm(Traffic.Interval(0, arm, arm));
        judge.Observe(Traffic.Interval(1, arm, arm));
        Assert.Equal((5, 10), (judge.Assess().Metrics[1].EdgeSeconds, judge.Assess().Metrics[1].ToleratedEdgeSeconds));
        JudgeAssertions.IsSane(judge.Assess());
    }

    [Fact]
    public void Validate_BoundariesAndCalibration_AreChecked()
    {
        Assert.Equal(["LatencyBoundaries"], Problems(new AnalysisSettings { LatencyBoundaries = [0.1, 300] }));
        Assert.Equal(["LatencyBoundaries[1]", "LatencyBoundaries[3]"], Problems(new AnalysisSettings { LatencyBoundaries = [0.1, 0.1, 1, double.PositiveInfinity] }));
        Assert.Equal(["LatencyBoundaries"], Problems(new AnalysisSettings { LatencyBoundaries = default }));
        Assert.Equal(["Unit"], Problems(new AnalysisSettings { Unit = (ComparisonUnit)7 }));
        Assert.Equal(["Calibration"], Problems(new AnalysisSettings { Calibration = Fleet.Profile() with { Metrics = default } }));
        Assert.Equal(["Calibration.StableErrors"], Problems(new AnalysisSettings { Calibration = Fleet.Profile() with { StableErrors = -1 } }));
        Assert.Equal(4, Problems(new AnalysisSettings { Calibration = Fleet.Profile(overdispersion: 0.5) }).Count());
        Assert.Empty(Problems(new AnalysisSettings { LatencyBoundaries = Prometheus, Calibration = Fleet.Profile(), Unit = ComparisonUnit.Users }));
    }

    private static IEnumerable<string> Problems(AnalysisSettings settings) => settings.Validate().Select(problem => problem.Setting);
}
