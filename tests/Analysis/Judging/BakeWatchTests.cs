using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Baking;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Tests.Judging;

/// <summary>The watch after promotion: what it is held against, when it alarms, and that it goes on after a restart.</summary>
public sealed class BakeWatchTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly AnalysisSettings Settings = new()
    {
        ErrorOverdispersion = 1,
        LatencyOverdispersion = 1,
        Guards = [new Guard { Metric = "errorRate", Max = 0.5 }],
    };

    [Fact]
    public void SameVersion_InManyBakes_HardlyEverAlarms()
    {
        var random = new Random(1);
        var (judge, verdict) = Run(Settings, random);
        var alarms = 0;
        for (var bake = 0; bake < 300; bake++)
        {
            var watch = new BakeWatch(Settings, BakePlan.Of(Settings, judge, verdict, 60));
            for (var interval = 0; interval < 60; interval++)
                watch.Observe(Arm(random, 500, 0.01, 100));
            alarms += watch.Assess().Regression is null ? 0 : 1;
        }

        Assert.True(alarms <= 3, $"{alarms} false alarms of 300");
    }

    [Theory]
    [InlineData(0.05, 100, "errors")]
    [InlineData(0.01, 108, "latency")]
    public void VersionThatGetsWorse_BeyondHarm_IsNamedWithNumbers(double errors, int bucket, string metric)
    {
        var random = new Random(2);
        var (judge, verdict) = Run(Settings, random);
        var watch = new BakeWatch(Settings, BakePlan.Of(Settings, judge, verdict, 60));
        for (var interval = 0; interval < 10; interval++)
            watch.Observe(Arm(random, 1000, 0.01, 100));
        Assert.Null(watch.Assess().Regression);

        var needed = 0;
        while (watch.Assess().Regression is null && needed < 30)
        {
            watch.Observe(Arm(random, 1000, errors, bucket));
            needed++;
        }

        Assert.InRange(needed, 1, 10);
        Assert.StartsWith(metric, watch.Assess().Regression, StringComparison.Ordinal);
        Assert.Contains("% of 1", watch.Assess().Regression, StringComparison.Ordinal);
        Assert.Null(watch.Assess().Breach);
    }

    [Fact]
    public void WorseWithinHarm_IsNoReasonToReturn()
    {
        var random = new Random(3);
        var (judge, verdict) = Run(Settings, random);
        var watch = new BakeWatch(Settings, BakePlan.Of(Settings, judge, verdict, 60));
        for (var interval = 0; interval < 60; interval++)
            watch.Observe(Arm(random, 1000, 0.013, 102));
        Assert.Null(watch.Assess().Regression);
    }

    [Fact]
    public void OneInterval_HoweverBad_IsNotEnough()
    {
        var random = new Random(4);
        var (judge, verdict) = Run(Settings, random);
        var watch = new BakeWatch(Settings, BakePlan.Of(Settings, judge, verdict, 60));
        watch.Observe(Arm(random, 1000, 0.4, 100));
        Assert.Null(watch.Assess().Regression);
        watch.Observe(ArmCounts.None);
        Assert.Null(watch.Assess().Regression);
        watch.Observe(Arm(random, 1000, 0.01, 100));
        Assert.NotNull(watch.Assess().Regression);
    }

    [Fact]
    public void Guard_Blown_IsTheReason()
    {
        var watch = new BakeWatch(Settings, BakePlan.Of(Settings, null, null, 0));
        for (var interval = 0; interval < 2; interval++)
            watch.Observe(Arm(new Random(5), 200, 0.9, 100));
        var assessment = watch.Assess();
        Assert.Equal("errorRate", assessment.Breach!.Metric);
        Assert.Contains("is above 50% over 200 requests", assessment.Regression, StringComparison.Ordinal);
        Assert.Empty(assessment.Metrics);
    }

    [Fact]
    public void Plan_OfARunOverUsersOrWithoutABaseline_LeavesItToTheGuards()
    {
        var (judge, verdict) = Run(Settings, new Random(6));
        Assert.Equal(4, BakePlan.Of(Settings, judge, verdict, 60).References.Length);
        Assert.Empty(BakePlan.Of(Settings with { Unit = ComparisonUnit.Users }, judge, verdict, 60).References);
        var fresh = new CanaryJudge(Settings);
        Assert.Empty(BakePlan.Of(Settings, fresh.Save(), fresh.Assess(), 60).References);
        Assert.Equal((1, 1_000_000), (BakePlan.Of(Settings, null, null, 0).PlannedIntervals, BakePlan.Of(Settings, null, null, long.MaxValue).PlannedIntervals));
    }

    [Fact]
    public void Restore_InTheMiddle_GoesOnWithTheSameBits()
    {
        var random = new Random(7);
        var (judge, verdict) = Run(Settings, random);
        var plan = BakePlan.Of(Settings, judge, verdict, 60);
        var whole = new BakeWatch(Settings, plan);
        var broken = new BakeWatch(Settings, plan);
        for (var interval = 0; interval < 20; interval++)
        {
            var arm = Arm(random, 300, 0.02, 101);
            whole.Observe(arm);
            broken.Observe(arm);
            broken = BakeWatch.Restore(Settings, plan, broken.Save());
            Assert.Equal(whole.Assess().Metrics, broken.Assess().Metrics);
        }

        Assert.Throws<ArgumentException>(() => BakeWatch.Restore(Settings, plan, whole.Save() with { Version = 99 }));
        Assert.Throws<ArgumentException>(() => BakeWatch.Restore(Settings, plan with { References = [] }, whole.Save()));
        Assert.Throws<ArgumentException>(() => new BakeWatch(Settings with { LatencyPercentiles = [50] }, plan));
    }

    private static (JudgeState Judge, Verdict Verdict) Run(AnalysisSettings settings, Random random)
    {
        var judge = new CanaryJudge(settings);
        for (var interval = 0; interval < 40; interval++)
        {
            var sample = new IntervalSample
            {
                Start = Start.AddSeconds(10 * interval),
                End = Start.AddSeconds(10 * (interval + 1)),
                Stable = Arm(random, 500, 0.01, 100),
                Canary = Arm(random, 500, 0.01, 100),
                Draws = [],
            };
            if (interval < 3)
                judge.Warm(sample);
            else
                judge.Observe(sample);
        }

        return (judge.Save(), judge.Assess());
    }

    // Latencies spread over 40 buckets from the given one on.
    private static ArmCounts Arm(Random random, int requests, double errorRate, int bucket)
    {
        var latency = new long[LatencyBuckets.Count];
        var errors = 0;
        for (var request = 0; request < requests; request++)
        {
            if (random.NextDouble() < errorRate)
                errors++;
            else
                latency[bucket + random.Next(20) + random.Next(20)]++;
        }

        return new ArmCounts { Errors = errors, Latency = LatencyHistogram.FromCounts(latency) };
    }
}
