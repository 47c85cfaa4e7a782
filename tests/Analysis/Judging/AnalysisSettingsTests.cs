using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class AnalysisSettingsTests
{
    [Fact]
    public void Validate_Defaults_FindNothing() => Assert.Empty(new AnalysisSettings().Validate());

    [Fact]
    public void Validate_ManyProblems_AreAllFoundByName()
    {
        var settings = new AnalysisSettings
        {
            FalseRollbackRate = 0,
            FalsePromotionRate = double.NaN,
            ErrorToleranceAbsolute = 0.01,
            ErrorHarmAbsolute = 0.01,
            LatencyPercentiles = [50, 50, 100],
            LatencyToleranceBuckets = 4,
            LatencyHarmBuckets = 4,
            ErrorOverdispersion = 0.5,
            PlannedIntervals = 0,
            MinimumCanaryRequests = -1,
            SampleRatioAlpha = 1,
            Guards =
            [
                new Guard { Metric = "cpu", Max = 1 },
                new Guard { Metric = "errorRate", Max = 5 },
                new Guard { Metric = "latencyP99.9", Max = 0, Intervals = 0, MinimumRequests = 0 },
            ],
        };
        Assert.Equal(
            [
                "FalseRollbackRate", "FalsePromotionRate", "SampleRatioAlpha", "ErrorOverdispersion", "ErrorHarmAbsolute", "LatencyHarmBuckets",
                "PlannedIntervals", "MinimumCanaryRequests", "LatencyPercentiles[1]", "LatencyPercentiles[2]",
                "Guards[0].Metric", "Guards[1].Max", "Guards[2].Max", "Guards[2].Intervals", "Guards[2].MinimumRequests",
            ],
            settings.Validate().Select(problem => problem.Setting));
        var refusal = Assert.Throws<ArgumentException>(() => new CanaryJudge(settings));
        Assert.All(settings.Validate(), problem => Assert.Contains($"{problem.Setting} {problem.Message}", refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_MissingLists_AreProblemsAndNotCrashes() =>
        Assert.Equal(["LatencyPercentiles", "Guards"], new AnalysisSettings { LatencyPercentiles = default, Guards = default }.Validate().Select(problem => problem.Setting));

    [Theory]
    [InlineData("latencyP50", true, 50)]
    [InlineData("latencyP99.9", true, 99.9)]
    [InlineData("latencyP100", false, 0)]
    [InlineData("latencyP-5", false, 0)]
    [InlineData("latencyP", false, 0)]
    [InlineData("latency", false, 0)]
    [InlineData(null, false, 0)]
    public void TryParseLatency_AnyText_ReadsOnlyPercentiles(string? name, bool known, double percentile)
    {
        Assert.Equal(known, MetricNames.TryParseLatency(name, out var parsed));
        if (!known)
            return;
        Assert.Equal(percentile, parsed);
        Assert.Equal(name, MetricNames.Latency(parsed));
    }
}
