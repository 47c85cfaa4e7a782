using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Kayenta;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Tests.Judging;

/// <summary>The judge with Kayenta's rules in place of the sequential tests.</summary>
public sealed class KayentaModeTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly AnalysisSettings Settings = new()
    {
        Kayenta = new KayentaSettings { Lifetime = TimeSpan.FromMinutes(20), Interval = TimeSpan.FromMinutes(10) },
        Guards = [new Guard { Metric = "errorRate", Max = 0.5 }],
    };

    [Fact]
    public void Opinion_IsThatOfTheEvaluation()
    {
        var judge = new CanaryJudge(Settings);
        var alone = new KayentaEvaluation(Settings.Kayenta!);
        for (var interval = 0; interval < 130; interval++)
        {
            var sample = Sample(interval, 200, 1);
            judge.Observe(sample);
            alone.Observe(sample);
            judge = CanaryJudge.Restore(Settings, judge.Save());
            var (verdict, expected) = (judge.Assess(), alone.Assess());
            Assert.Equal((expected.Kind, expected.Reason, expected.Score ?? 50), (verdict.Kind, verdict.Reason, verdict.Score));
            Assert.Equal(expected.LastJudgement?.Metrics.Length ?? 0, verdict.Labels.Length);
            Assert.Empty(verdict.Metrics);
        }

        Assert.Equal(VerdictKind.Pass, judge.Assess().Kind);
    }

    [Fact]
    public void Guard_AndBrokenSplit_ComeBeforeIt()
    {
        var judge = new CanaryJudge(Settings);
        for (var interval = 0; interval < 3; interval++)
            judge.Observe(Sample(interval, 200, 150));
        Assert.Equal((VerdictKind.Fail, 0.0), (judge.Assess().Kind, judge.Assess().Score));
        Assert.StartsWith("Guard breached", judge.Assess().Reason, StringComparison.Ordinal);

        judge = new CanaryJudge(Settings);
        for (var interval = 0; interval < 3; interval++)
            judge.Observe(Sample(interval, 200, 1) with { Draws = [new DrawCounts(1000, 500, 500)] });
        Assert.Equal(VerdictKind.Invalid, judge.Assess().Kind);
        Assert.StartsWith("The traffic split is broken", judge.Assess().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TooLittleTraffic_IsNoVerdict()
    {
        var judge = new CanaryJudge(Settings with { MinimumCanaryRequests = 1_000_000 });
        for (var interval = 0; interval < 130; interval++)
            judge.Observe(Sample(interval, 200, 1));
        Assert.Equal(VerdictKind.NotEnoughData, judge.Assess().Kind);
        Assert.Contains("of at least 1,000,000 requests", judge.Assess().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Warmup_IsNotJudged()
    {
        var judge = new CanaryJudge(Settings);
        for (var interval = 0; interval < 130; interval++)
            judge.Warm(Sample(interval, 200, 100));
        Assert.Empty(judge.Assess().Labels);
    }

    [Fact]
    public void Settings_ThatDoNotGoTogether_AreNamed()
    {
        Assert.Contains((Settings with { Unit = ComparisonUnit.Users }).Validate(), problem => problem.Setting == "Unit");
        var wrong = Settings with { Kayenta = Settings.Kayenta! with { Interval = TimeSpan.FromSeconds(90) } };
        Assert.Contains(wrong.Validate(), problem => problem.Setting == "Kayenta.Interval");
        Assert.Throws<ArgumentException>(() => CanaryJudge.Restore(Settings, new CanaryJudge(new AnalysisSettings { Guards = Settings.Guards }).Save()));
    }

    private static IntervalSample Sample(int interval, int requests, int canaryErrors) => new()
    {
        Start = Start.AddSeconds(10 * interval),
        End = Start.AddSeconds(10 * (interval + 1)),
        Stable = Arm(interval, requests, 1),
        Canary = Arm(interval + 3, requests, canaryErrors),
        Draws = [],
    };

    // Latencies that wander a little, the same way in both arms.
    private static ArmCounts Arm(int turn, int requests, int errors)
    {
        var latency = new long[LatencyBuckets.Count];
        for (var request = 0; request < requests - errors; request++)
            latency[100 + ((turn * 7) % 5) + (request % 20)]++;
        return new ArmCounts { Errors = errors, Latency = LatencyHistogram.FromCounts(latency) };
    }
}
