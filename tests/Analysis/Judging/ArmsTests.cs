using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

/// <summary>What is compared with what: a baseline arm, users, and the second opinion on whole minutes.</summary>
public sealed class ArmsTests
{
    private static readonly AnalysisSettings Settings = Traffic.Independent with { LatencyPercentiles = [50] };

    private static readonly AnalysisSettings ErrorsOnly = Settings with { LatencyPercentiles = [] };

    [Fact]
    public void Baseline_AsColdAsTheCanary_IsWhatTheCanaryIsComparedWith()
    {
        // Both new arms are a little worse than stable, within the tolerance of the watch over the environment.
        var judge = new CanaryJudge(ErrorsOnly with { ErrorToleranceAbsolute = 0.005, ErrorHarmAbsolute = 0.02 });
        var random = new Random(1);
        for (var i = 0; i < 40; i++)
            judge.Observe(Fleet.Interval(random, i, [0.009, 0.009], baselineErrors: 0.009, stableErrors: 0.005));
        var verdict = judge.Assess();
        Assert.Equal(VerdictKind.Pass, verdict.Kind);
        Assert.Contains("of the baseline", verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(verdict.CanaryRequests, verdict.StableRequests);
    }

    [Theory]
    [InlineData(0.06, 0.005)]
    [InlineData(0.005, 0.06)]
    public void Baseline_DiffersFromStableEitherWay_IsAnEnvironmentShiftForGood(double ofBaseline, double ofStable)
    {
        var judge = new CanaryJudge(ErrorsOnly with { EnvironmentSettling = TimeSpan.Zero });
        var random = new Random(2);
        for (var i = 0; i < 12; i++)
            judge.Observe(Fleet.Interval(random, i, [0.3, 0.3], baselineErrors: ofBaseline, stableErrors: ofStable));
        var shifted = judge.Assess();
        Assert.Equal(VerdictKind.Invalid, shifted.Kind);
        Assert.StartsWith("Environment shift: errors of the baseline arm is ", shifted.Reason, StringComparison.Ordinal);
        Assert.True(shifted.EnvironmentEvidence >= shifted.FailThreshold);
        for (var i = 12; i < 40; i++)
            judge.Observe(Fleet.Interval(random, i, [0.005, 0.005], baselineErrors: 0.005));
        Assert.Equal(shifted.Reason, judge.Assess().Reason);
    }

    [Fact]
    public void Baseline_WarmsUpInItsFirstMinutes_IsNoEnvironmentShiftAndTheCanaryIsJudged()
    {
        var judge = new CanaryJudge(ErrorsOnly);
        var random = new Random(3);
        for (var i = 0; i < 30; i++)
            judge.Observe(Fleet.Interval(random, i, [0.06, 0.06], baselineErrors: 0.06, stableErrors: 0.005));
        Assert.Equal(0, judge.Assess().EnvironmentEvidence);
        for (var i = 30; i < 60; i++)
            judge.Observe(Fleet.Interval(random, i, [0.005, 0.005], baselineErrors: 0.005, stableErrors: 0.005));
        Assert.Equal(VerdictKind.Pass, judge.Assess().Kind);

        // What has not settled by then is a shift.
        for (var i = 60; i < 72; i++)
            judge.Observe(Fleet.Interval(random, i, [0.06, 0.06], baselineErrors: 0.06, stableErrors: 0.005));
        Assert.Equal(VerdictKind.Invalid, judge.Assess().Kind);
    }

    [Fact]
    public void AnyArm_WithANegativeNumberOfErrors_IsRefused()
    {
        var good = Fleet.Interval(new Random(1), 0, [0.01], baselineErrors: 0.01);
        var bad = good.Canary with { Errors = -1 };
        foreach (var sample in new[] { good with { Stable = bad }, good with { Canary = bad }, good with { Baseline = bad }, good with { Users = new UserSample(bad, good.Canary) }, good with { Users = new UserSample(good.Canary, bad) } })
            Assert.Throws<ArgumentException>(() => new CanaryJudge(ErrorsOnly).Observe(sample));
    }

    [Fact]
    public void Baseline_LikeStable_IsSeldomCalledAShift()
    {
        // 200 runs at 1 % at most: more than 8 has probability below 0.03 %.
        var shifts = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var judge = new CanaryJudge(Settings with { ErrorToleranceAbsolute = 0, ErrorToleranceRelative = 0, PlannedIntervals = 40, EnvironmentSettling = TimeSpan.Zero });
            var random = new Random(seed);
            for (var i = 0; i < 40; i++)
                judge.Observe(Fleet.Interval(random, i, [0.01], baselineErrors: 0.01, stableErrors: 0.01));
            shifts += judge.Assess().Kind == VerdictKind.Invalid ? 1 : 0;
        }

        Assert.InRange(shifts, 0, 8);
    }

    [Fact]
    public void Baseline_ServesNothing_IsNotReplacedByStable()
    {
        var judge = new CanaryJudge(Settings);
        judge.Warm(Fleet.Interval(new Random(1), 0, [0.005]));
        for (var i = 1; i < 6; i++)
            judge.Observe(Fleet.Interval(new Random(i), i, [0.5]) with { Baseline = ArmCounts.None });
        Assert.Equal(0, judge.Assess().FailEvidence, 1e-12);
        Assert.StartsWith("The baseline arm got no requests in the last", judge.Assess().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Users_AreCompared_AndRequestsOnlyGuarded()
    {
        // One broken client sends half of the canary's requests, all of which fail: it is one user.
        var judge = new CanaryJudge(Settings with { Unit = ComparisonUnit.Users });
        for (var i = 0; i < 100; i++)
        {
            judge.Observe(Traffic.Interval(i, Traffic.Arm(2, 998), Traffic.Arm(500, 500)) with
            {
                Users = new UserSample(Traffic.Arm(i % 5 == 0 ? 1 : 0, 200), Traffic.Arm(i % 5 == 0 ? 1 : 0, 200)),
            });
        }

        var verdict = judge.Assess();
        Assert.Equal(VerdictKind.Pass, verdict.Kind);
        Assert.InRange(verdict.CanaryRequests, 20_000, 20_100);
        Assert.Contains("canary users", verdict.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("requests", verdict.Reason, StringComparison.Ordinal);
        var guarded = new CanaryJudge(Settings with { Unit = ComparisonUnit.Users, Guards = [new Guard { Metric = "errorRate", Max = 0.4, Intervals = 1 }] });
        guarded.Observe(Traffic.Interval(0, Traffic.Arm(2, 998), Traffic.Arm(500, 500)));
        Assert.Equal(VerdictKind.Fail, guarded.Assess().Kind);
    }

    [Fact]
    public void Users_NotCountedByTheSource_CompareNothingAndSaySo()
    {
        var judge = new CanaryJudge(Settings with { Unit = ComparisonUnit.Users });
        judge.Warm(Traffic.Interval(0, Traffic.Arm(2, 998), Traffic.Arm(2, 998)));
        for (var i = 1; i < 6; i++)
            judge.Observe(Traffic.Interval(i, Traffic.Arm(2, 998), Traffic.Arm(500, 500)));
        Assert.Equal(VerdictKind.NotEnoughData, judge.Assess().Kind);
        Assert.StartsWith("The metric source does not count users", judge.Assess().Reason, StringComparison.Ordinal);
        Assert.Equal(0, judge.Assess().FailEvidence, 1e-12);
    }

    [Fact]
    public void SecondOpinion_WorseInEveryMinute_RisesByLn2AMinuteAndNeverDecides()
    {
        var judge = new CanaryJudge(Settings with { MinimumCanaryRequests = 1_000_000 });
        var random = new Random(4);
        judge.Warm(Fleet.Interval(random, 0, [0.1, 0.1, 0.1]));
        for (var i = 1; i < 7; i++)
            judge.Observe(Fleet.Interval(random, i, [0.1, 0.1, 0.1]));
        Assert.Equal(0, judge.Assess().Metrics[0].SecondOpinion);
        for (var i = 7; i < 67; i++)
            judge.Observe(Fleet.Interval(random, i, [0.1, 0.1, 0.1]));
        Assert.InRange(judge.Assess().Metrics[0].SecondOpinion!.Value, Math.Log(100), 10 * Math.Log(2));
        Assert.True(judge.Assess().Metrics[1].SecondOpinion < Math.Log(100) + 6);
        Assert.Equal(VerdictKind.NotEnoughData, judge.Assess().Kind);
    }

    [Fact]
    public void SecondOpinion_ArmsOfDifferentSize_IsNotGiven()
    {
        var judge = new CanaryJudge(Settings);
        var random = new Random(4);
        for (var i = 0; i < 30; i++)
            judge.Observe(Fleet.Interval(random, i, [0.005], stableEndpoints: 2));
        Assert.Null(judge.Assess().Metrics[0].SecondOpinion);
    }
}
