using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Tests.Simulation;

/// <summary>How often and how soon the judge decides, on seeded traffic; the sizes keep CI quick.</summary>
public sealed class OperatingCharacteristicsTests
{
    private static readonly AnalysisSettings Defaults = Traffic.Independent;

    [Fact]
    public void IdenticalVersions_WatchedToTheEndOfTheRun_AreRolledBackNoMoreOftenThanPromised()
    {
        // Strict margins: the hardest null there is. 300 runs at 1 %: more than 8 has probability below 0.4 %.
        const int Runs = 300;
        var strict = Defaults with { ErrorToleranceAbsolute = 0, ErrorToleranceRelative = 0, LatencyToleranceBuckets = 0, PlannedIntervals = 60 };
        var rolledBack = 0;
        for (var seed = 0; seed < Runs; seed++)
            rolledBack += Watch(new Traffic(seed, perInterval: 400), strict, 60).Kind == VerdictKind.Fail ? 1 : 0;
        Assert.InRange(rolledBack, 0, 8);
    }

    [Fact]
    public void CanaryOnTheHarmLine_IsSeldomPromoted()
    {
        // 100 runs at 5 %: more than 12 has probability below 0.2 %.
        var promoted = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var traffic = new Traffic(seed) { Canary = new ArmModel(errorRate: 0.01) };
            promoted += traffic.Run(new CanaryJudge(Defaults), 60).Kind == VerdictKind.Pass ? 1 : 0;
        }

        Assert.InRange(promoted, 0, 12);
    }

    [Fact]
    public void FivePointsMoreErrors_AreFoundWithinTwentySeconds() => Detects(() => new Traffic(0) { Canary = new ArmModel(errorRate: 0.055) }, median: 2, all: 3);

    [Fact]
    public void OnePointMoreErrors_IsFoundWithinTwoMinutes() => Detects(() => new Traffic(0) { Canary = new ArmModel(errorRate: 0.015) }, median: 6, all: 24);

    [Fact]
    public void AQuarterSlower_IsFoundWithinAMinute() => Detects(() => new Traffic(0) { Canary = new ArmModel(slowdown: 1.25) }, median: 3, all: 6);

    [Fact]
    public void ATenthSlower_IsFoundWithinFiveMinutes() => Detects(() => new Traffic(0) { Canary = new ArmModel(slowdown: 1.1) }, median: 15, all: 40);

    [Fact]
    public void OnePointMoreErrorsInATenthOfTheTraffic_IsFound() =>
        Detects(() => new Traffic(0, canaryWeight: 1000) { Canary = new ArmModel(errorRate: 0.015) }, median: 16, all: 60);

    [Fact]
    public void OnePointMoreErrorsAfterTwentyMinutes_IsFoundWithinThree()
    {
        for (var seed = 0; seed < 15; seed++)
        {
            var traffic = new Traffic(seed);
            var judge = new CanaryJudge(Defaults);
            for (var i = 0; i < 6; i++)
                judge.Warm(traffic.Next());
            for (var i = 0; i < 120; i++)
                judge.Observe(traffic.Next());
            Assert.Equal(VerdictKind.Pass, judge.Assess().Kind);
            traffic.Canary = new ArmModel(errorRate: 0.015);
            for (var i = 0; i < 18 && judge.Assess().Kind != VerdictKind.Fail; i++)
                judge.Observe(traffic.Next());
            Assert.Equal(VerdictKind.Fail, judge.Assess().Kind);
        }
    }

    [Fact]
    public void HealthyCanary_IsPromotedWithinTwoMinutesInTheMedian()
    {
        var verdicts = Enumerable.Range(0, 40).Select(seed => new Traffic(seed).Run(new CanaryJudge(Defaults), 60)).ToArray();
        Assert.All(verdicts, verdict => Assert.Equal(VerdictKind.Pass, verdict.Kind));
        Assert.InRange(verdicts.Select(verdict => verdict.Intervals).Order().ElementAt(20), 1, 12);
    }

    [Fact]
    public void HealthyCanaryThroughDriftAndWeightChanges_IsNotRolledBack()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var judge = new CanaryJudge(Defaults);
            for (var step = 0; step < 5; step++)
            {
                // Both arms get worse together, as through a dependency that suffers.
                var model = new ArmModel(0.005 * (1 + step), 1 + (0.1 * step));
                var traffic = new Traffic((seed * 10) + step, canaryWeight: new[] { 100, 500, 1000, 2500, 5000 }[step]) { Stable = model, Canary = model };
                for (var i = 0; i < 12; i++)
                {
                    if (step == 0 && i < 3)
                        judge.Warm(traffic.Next());
                    else
                        judge.Observe(traffic.Next());
                }
            }

            Assert.NotEqual(VerdictKind.Fail, judge.Assess().Kind);
            Assert.NotEqual(VerdictKind.Invalid, judge.Assess().Kind);
        }
    }

    /// <summary>Half of the runs decide Fail within the median and all of them within the limit (in intervals of 10 s).</summary>
    private static void Detects(Func<Traffic> like, int median, int all)
    {
        var intervals = new List<int>();
        for (var seed = 0; seed < 25; seed++)
        {
            var model = like();
            var traffic = model.WithSeed(seed);
            var verdict = Watch(traffic, Defaults, all);
            Assert.True(verdict.Kind == VerdictKind.Fail, $"seed {seed}: {verdict.Reason}");
            intervals.Add(verdict.Intervals);
        }

        intervals.Sort();
        Assert.InRange(intervals[intervals.Count / 2], 1, median);
    }

    /// <summary>Goes on after a Pass, as a run with more steps does.</summary>
    private static Verdict Watch(Traffic traffic, AnalysisSettings settings, int intervals)
    {
        var judge = new CanaryJudge(settings);
        for (var i = 0; i < 6; i++)
            judge.Warm(traffic.Next());
        for (var i = 0; i < intervals && judge.Assess().Kind != VerdictKind.Fail; i++)
            judge.Observe(traffic.Next());
        return judge.Assess();
    }
}
