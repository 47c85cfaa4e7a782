using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class VerdictTests
{
    [Fact]
    public void Verdict_NothingSeen_IsNotEnoughDataWithoutAnEta()
    {
        var verdict = new CanaryJudge(Traffic.Independent).Assess();
        Assert.Equal(VerdictKind.NotEnoughData, verdict.Kind);
        Assert.Equal(50, verdict.Score);
        Assert.Null(verdict.Eta);
        JudgeAssertions.IsSane(verdict);
    }

    [Theory]
    [InlineData(true, "The canary got no requests in the last 3 intervals")]
    [InlineData(false, "The stable version got no requests in the last 3 intervals")]
    public void Verdict_OneArmIdle_HoldsAndNamesIt(bool canaryIdle, string reason)
    {
        var judge = new CanaryJudge(Traffic.Independent);
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 500), Traffic.Arm(0, 500)));
        for (var i = 1; i <= 3; i++)
            judge.Observe(Traffic.Interval(i, canaryIdle ? Traffic.Arm(0, 500) : ArmCounts.None, canaryIdle ? ArmCounts.None : Traffic.Arm(0, 500)) with { Draws = [] });
        var verdict = judge.Assess();
        Assert.Equal(VerdictKind.NotEnoughData, verdict.Kind);
        Assert.Equal(3, verdict.Intervals);
        Assert.StartsWith(reason, verdict.Reason, StringComparison.Ordinal);
        Assert.Null(verdict.Eta);
        Assert.Equal(0, verdict.FailEvidence, 1e-12);
    }

    [Fact]
    public void Verdict_CanaryHangsUntilClientsGiveUp_FailsForItsLatency()
    {
        var judge = new CanaryJudge(Traffic.Independent);
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 500), Traffic.Arm(0, 500)));
        var late = new long[LatencyBuckets.Count];
        late[LatencyBuckets.IndexOf(10)] = 100;
        var hanging = new ArmCounts { Errors = 0, Latency = LatencyHistogram.Empty, GivenUp = LatencyHistogram.FromCounts(late) };
        for (var i = 1; i <= 3; i++)
            judge.Observe(Traffic.Interval(i, Traffic.Arm(0, 500), hanging) with { Draws = [] });
        var verdict = judge.Assess();
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.Contains("latency", verdict.Reason, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Verdict_ClientsLeaveBeforeTheEdge_SaysNothingOfLatency()
    {
        var judge = new CanaryJudge(Traffic.Independent);
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 500), Traffic.Arm(0, 500)));
        var early = new long[LatencyBuckets.Count];
        early[0] = 100;
        var left = new ArmCounts { Errors = 0, Latency = LatencyHistogram.Empty, GivenUp = LatencyHistogram.FromCounts(early) };
        for (var i = 1; i <= 3; i++)
            judge.Observe(Traffic.Interval(i, Traffic.Arm(0, 500), left) with { Draws = [] });
        var verdict = judge.Assess();
        Assert.Equal(VerdictKind.NotEnoughData, verdict.Kind);
        Assert.Equal(0, verdict.FailEvidence, 1e-12);
    }

    [Fact]
    public void Verdict_HealthyCanary_EtaShrinksToThePassThatItForetold()
    {
        var traffic = new Traffic(seed: 1, perInterval: 1000);
        var judge = new CanaryJudge(Traffic.Independent with { LatencyPercentiles = [50, 90] });
        for (var i = 0; i < 6; i++)
            judge.Warm(traffic.Next());
        var foretold = judge.Assess().Eta;
        Assert.NotNull(foretold);
        var intervals = 0;
        while (judge.Assess().Kind == VerdictKind.NotEnoughData)
        {
            Assert.NotNull(judge.Assess().Eta);
            Assert.Contains(" more at ", judge.Assess().Reason, StringComparison.Ordinal);
            judge.Observe(traffic.Next());
            Assert.True(++intervals < 200);
        }

        Assert.Equal(VerdictKind.Pass, judge.Assess().Kind);
        Assert.Null(judge.Assess().Eta);
        Assert.InRange(intervals * 10 / foretold.Value.TotalSeconds, 0.3, 3);
    }

    [Fact]
    public void Verdict_TooFewCanaryRequests_NeverPassesNorFails()
    {
        var judge = new CanaryJudge(Traffic.Independent with { MinimumCanaryRequests = 1000 });
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 5000), Traffic.Arm(0, 10)) with { Draws = [] });
        for (var i = 1; i <= 9; i++)
            judge.Observe(Traffic.Interval(i, Traffic.Arm(0, 5000), Traffic.Arm(100, 0)) with { Draws = [] });
        Assert.Equal(VerdictKind.NotEnoughData, judge.Assess().Kind);
        Assert.Contains("900 of at least 1,000 requests", judge.Assess().Reason, StringComparison.Ordinal);
        judge.Observe(Traffic.Interval(10, Traffic.Arm(0, 5000), Traffic.Arm(100, 0)) with { Draws = [] });
        Assert.Equal(VerdictKind.Fail, judge.Assess().Kind);
    }

    [Fact]
    public void Verdict_ObviousRegressionInTheFirstInterval_WaitsForTheMinimumOfIntervals()
    {
        var judge = new CanaryJudge(Traffic.Independent with { MinimumIntervals = 3 });
        judge.Warm(Traffic.Interval(0, Traffic.Arm(0, 1000), Traffic.Arm(0, 1000)));
        judge.Observe(Traffic.Interval(1, Traffic.Arm(0, 1000), Traffic.Arm(500, 500)));
        Assert.Contains("only 1 of at least 3 intervals", judge.Assess().Reason, StringComparison.Ordinal);
        judge.Observe(Traffic.Interval(2, Traffic.Arm(0, 1000), Traffic.Arm(0, 1000)));
        judge.Observe(Traffic.Interval(3, Traffic.Arm(0, 1000), Traffic.Arm(0, 1000)));
        Assert.Equal(VerdictKind.Fail, judge.Assess().Kind);
    }

    [Fact]
    public void Verdict_MoreErrors_NamesErrorsWithTheirNumbers()
    {
        var judge = new CanaryJudge(Traffic.Independent with { LatencyPercentiles = [] });
        judge.Warm(Traffic.Interval(0, Traffic.Arm(5, 995), Traffic.Arm(0, 1000)));
        for (var i = 1; i <= 3; i++)
            judge.Observe(Traffic.Interval(i, Traffic.Arm(5, 995), Traffic.Arm(30, 970)));
        var verdict = judge.Assess();
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.StartsWith("errors: canary 3.00 % of 3,000 requests against 0.50 % of 3,000 of stable; evidence ", verdict.Reason, StringComparison.Ordinal);
        Assert.EndsWith(" of 4.6 needed to roll back.", verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(0, verdict.Score);
    }

    [Fact]
    public void Verdict_OnlyTheTailIsSlower_NamesTheTailAndClearsErrors()
    {
        var traffic = new Traffic(seed: 5) { Canary = new ArmModel(tailSlowdown: 1.4) };
        var verdict = traffic.Run(new CanaryJudge(Traffic.Independent), 120);
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.Contains("latencyP99 (slower than ", verdict.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("errors", verdict.Reason, StringComparison.Ordinal);
        Assert.True(verdict.Metrics[3].AdjustedFailEvidence >= verdict.FailThreshold);
        Assert.True(verdict.Metrics[0].AdjustedFailEvidence < verdict.FailThreshold);
    }

    [Fact]
    public void Verdict_RegressionAfterThePlannedIntervals_IsStillFound()
    {
        var traffic = new Traffic(seed: 3);
        var judge = new CanaryJudge(Traffic.Independent with { PlannedIntervals = 10 });
        judge.Warm(traffic.Next());
        for (var i = 0; i < 30; i++)
            judge.Observe(traffic.Next());
        Assert.Equal(VerdictKind.Pass, judge.Assess().Kind);
        traffic.Canary = new ArmModel(errorRate: 0.1);
        for (var i = 0; i < 30; i++)
            judge.Observe(traffic.Next());
        Assert.Equal(VerdictKind.Fail, judge.Assess().Kind);
    }

    [Fact]
    public void Overdispersion_Doubled_HalvesTheEvidenceOfABlock()
    {
        static double Evidence(double phi)
        {
            var judge = new CanaryJudge(Traffic.Independent with { ErrorOverdispersion = phi, LatencyPercentiles = [], PlannedIntervals = 1 });
            judge.Warm(Traffic.Interval(0, Traffic.Arm(5, 995), Traffic.Arm(5, 995)));
            judge.Observe(Traffic.Interval(1, Traffic.Arm(5, 995), Traffic.Arm(100, 900)));
            return judge.Assess().FailEvidence;
        }

        Assert.InRange(Evidence(2), 0.45 * Evidence(1), 0.55 * Evidence(1));
    }

    [Fact]
    public void Restore_StateOfOtherSettings_IsRefused()
    {
        var state = new CanaryJudge(Traffic.Independent).Save();
        var refusal = Assert.Throws<ArgumentException>(() => CanaryJudge.Restore(Traffic.Independent with { LatencyPercentiles = [50, 95, 99] }, state));
        Assert.Contains("latencyP90", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CanaryJudge.Restore(Traffic.Independent with { LatencyPercentiles = [] }, state));
        Assert.Throws<ArgumentException>(() => CanaryJudge.Restore(Traffic.Independent, state with { Version = 99 }));
    }

    [Fact]
    public void Sample_ThatContradictsItself_IsRefusedBeforeAnythingIsCounted()
    {
        var judge = new CanaryJudge(Traffic.Independent);
        var good = Traffic.Interval(0, Traffic.Arm(0, 100), Traffic.Arm(0, 100));
        Assert.Throws<ArgumentException>(() => judge.Observe(good with { End = good.Start }));
        Assert.Throws<ArgumentException>(() => judge.Observe(good with { Draws = [new DrawCounts(10_001, 1, 1)] }));
        Assert.Throws<ArgumentException>(() => judge.Observe(good with { Draws = [new DrawCounts(1, -1, 1)] }));
        Assert.Throws<ArgumentException>(() => judge.Observe(good with { Canary = good.Canary with { Errors = -1 } }));
        Assert.Equal(0, judge.Assess().Intervals);
        Assert.Null(judge.LastEnd);
    }
}
