using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Samples.Custom;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class SampleCheckTests
{
    private static readonly ArmCounts Normal = Traffic.Arm(1, 99);

    /// <summary>Added up they would overflow to a negative number of requests, and so be taken for no traffic at all.</summary>
    [Theory]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1, long.MaxValue)]
    [InlineData(SampleCheck.Most + 1, 0)]
    public void Observe_CountsThatNoIntervalHolds_AreRefused(long errors, long successes)
    {
        var judge = new CanaryJudge(new AnalysisSettings());
        var absurd = Traffic.Arm(errors, successes);
        var sample = Traffic.Interval(0, Normal, Normal);
        Assert.Throws<ArgumentException>(() => judge.Observe(sample with { Canary = absurd }));
        Assert.Throws<ArgumentException>(() => judge.Warm(sample with { Stable = absurd }));
        Assert.Throws<ArgumentException>(() => judge.Observe(sample with { Baseline = absurd }));
        Assert.Throws<ArgumentException>(() => judge.Observe(sample with { Users = new UserSample(absurd, Normal) }));
        Assert.Throws<ArgumentException>(() => judge.Observe(sample with { CanaryEndpoints = [new EndpointCounts("a", absurd)] }));
        Assert.Throws<ArgumentException>(() => judge.Observe(sample with { Draws = [new DrawCounts(5000, long.MaxValue, 1)] }));
        Assert.Null(judge.LastEnd);
    }

    [Fact]
    public void Observe_AnswersOfCustomMetricsThatContradictThemselves_AreRefused()
    {
        CustomValues[] absurd =
        [
            new() { Value = double.NaN },
            new() { Value = double.PositiveInfinity },
            new() { Events = 2, Total = 1 },
            new() { Events = -1, Total = 1 },
            new() { Events = 1, Total = SampleCheck.Most + 1 },
            new() { Boundaries = [1, 2], Cumulative = [1, 2] },
            new() { Boundaries = [1, 2], Cumulative = [1, 3, 2] },
            new() { Boundaries = [2, 1], Cumulative = [1, 2, 3] },
        ];
        var judge = new CanaryJudge(new AnalysisSettings());
        foreach (var values in absurd)
        {
            var sample = Traffic.Interval(0, Normal, Normal);
            Assert.Throws<ArgumentException>(() => judge.Observe(sample with { Custom = [CustomMetricTests.At("orders", 0) with { Canary = values }] }));
            Assert.Throws<ArgumentException>(() => judge.Warm(sample with { Custom = [CustomMetricTests.At("orders", 0) with { Stable = values }] }));
        }

        Assert.Null(judge.LastEnd);
    }

    [Fact]
    public void Observe_TheMostThatIsAllowed_IsCounted()
    {
        var judge = new CanaryJudge(new AnalysisSettings { ErrorOverdispersion = 1, LatencyOverdispersion = 1 });
        var good = Traffic.Arm(0, SampleCheck.Most);
        var bad = Traffic.Arm(SampleCheck.Most / 2, SampleCheck.Most / 2);
        judge.Warm(Traffic.Interval(0, good, good));
        judge.Observe(Traffic.Interval(1, good, bad));
        judge.Observe(Traffic.Interval(2, good, bad));
        Assert.Equal(VerdictKind.Fail, judge.Assess().Kind);
    }
}
