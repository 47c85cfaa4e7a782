using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class NoiseTests
{
    [Fact]
    public void Overdispersion_NothingKnown_BeginsAtFourAndIsLearnedFromStablesOwnEndpoints()
    {
        var judge = new CanaryJudge(new AnalysisSettings());
        Assert.All(judge.Assess().Metrics, metric => Assert.Equal(4, metric.Overdispersion));
        Assert.Contains(judge.Assess().Caveats, caveat => caveat.StartsWith("There is no history of the service's own noise; ", StringComparison.Ordinal));
        Run(judge, 6 * 30, new Random(1));

        // 30 minutes of independent requests: (4·8 + 29)/(8 + 29) is near 1.6, wherever chance puts it.
        Assert.InRange(judge.Assess().Metrics[0].Overdispersion, 1, 3);
    }

    [Fact]
    public void Overdispersion_StableHasOneEndpoint_StaysAtFourAndSaysSo()
    {
        var judge = new CanaryJudge(new AnalysisSettings());
        Run(judge, 60, new Random(1), stableEndpoints: 1);
        Assert.All(judge.Assess().Metrics, metric => Assert.Equal(4, metric.Overdispersion));
        Assert.Contains(judge.Assess().Caveats, caveat => caveat.StartsWith("Stable has one endpoint only, so its noise cannot be learned", StringComparison.Ordinal));
    }

    [Fact]
    public void Overdispersion_StableHasOneEndpointBesideABaselineArm_IsLearnedFromBothArms()
    {
        var judge = new CanaryJudge(new AnalysisSettings());
        var random = new Random(3);
        for (var i = 0; i < 120; i++)
            judge.Observe(Fleet.Interval(random, i, [0.005], baselineErrors: 0.005, stableEndpoints: 1));
        Assert.NotEqual(4, judge.Assess().Metrics[0].Overdispersion);
    }

    [Fact]
    public void Overdispersion_GivenOrStored_GoesBeforeWhatIsLearned()
    {
        var stored = new CanaryJudge(new AnalysisSettings { ErrorOverdispersion = 1.5, Calibration = Fleet.Profile(overdispersion: 2.5) });
        Run(stored, 30, new Random(1));
        Assert.Equal([1.5, 2.5, 2.5, 2.5], stored.Assess().Metrics.Select(metric => metric.Overdispersion));
        Assert.DoesNotContain(stored.Assess().Caveats, caveat => caveat.Contains("noise", StringComparison.Ordinal));
    }

    [Fact]
    public void Overdispersion_StoredAtLessTraffic_GrowsWithTheTrafficOfTheRun()
    {
        var profile = Fleet.Profile(overdispersion: 3);
        profile = profile with { Metrics = [.. profile.Metrics.Select(metric => metric with { BlockRequests = 2700 })] };
        var judge = new CanaryJudge(new AnalysisSettings { Calibration = profile });
        Run(judge, 3, new Random(1));

        // Three endpoints with 300 requests in ten seconds are 5400 a minute, twice of what was stored: 1 + 2·(3 − 1).
        Assert.Equal(5, judge.Assess().Metrics[0].Overdispersion, 1e-9);
    }

    [Theory]
    [InlineData(CalibrationStanding.Stale)]
    [InlineData(CalibrationStanding.TooShort)]
    public void Overdispersion_StoredButNotFresh_IsNotUsedAndTheReasonIsTold(CalibrationStanding standing)
    {
        var profile = Fleet.Profile() with { Standing = standing, Reason = "The newest of 12 blocks is 40 days old" };
        var verdict = new CanaryJudge(new AnalysisSettings { Calibration = profile }).Assess();
        Assert.All(verdict.Metrics, metric => Assert.Equal(4, metric.Overdispersion));
        Assert.StartsWith("The newest of 12 blocks is 40 days old; the evidence in errors, latencyP50", verdict.Caveats.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Overdispersion_StableMuchLouderThanItsCalibration_UsesWhatIsMeasuredAndSaysSo()
    {
        var judge = new CanaryJudge(new AnalysisSettings { Calibration = Fleet.Profile(overdispersion: 1) });
        var random = new Random(5);
        for (var i = 0; i < 6 * 40; i++)
        {
            // Every minute another endpoint of stable has a bad time of its own.
            var sample = Fleet.Interval(random, i, [0.02, 0.02, 0.02], stableErrors: 0.02);
            var bad = i / 6 % 3;
            judge.Observe(sample with { StableEndpoints = [.. sample.StableEndpoints.Select((endpoint, e) => e == bad ? endpoint with { Counts = Fleet.Arm(random, 300, 0.2) } : endpoint)] });
        }

        var verdict = judge.Assess();
        Assert.True(verdict.Metrics[0].Overdispersion > 2, $"{verdict.Metrics[0].Overdispersion}");
        Assert.Contains(verdict.Caveats, caveat => caveat.StartsWith("The calibration of errors does not hold", StringComparison.Ordinal));
    }

    [Fact]
    public void Strict_NoiseUnknown_IsReplacedByTheDefaultTolerances()
    {
        var strict = new AnalysisSettings { ErrorToleranceAbsolute = 0, ErrorToleranceRelative = 0, LatencyToleranceBuckets = 0, LatencyPercentiles = [50] };
        var refused = new CanaryJudge(strict);
        var caveat = Assert.Single(refused.Assess().Caveats, caveat => caveat.StartsWith("No tolerance was asked for errors, latencyP50", StringComparison.Ordinal));
        Assert.Contains("0.05 percentage points and 10 % of errors and a factor of 1.044 of latency are tolerated instead", caveat, StringComparison.Ordinal);
        var asked = new CanaryJudge(strict with { ErrorToleranceAbsolute = 0.0005, ErrorToleranceRelative = 0.1, LatencyToleranceBuckets = 1 });
        Run(refused, 20, new Random(2));
        Run(asked, 20, new Random(2));
        Assert.Equal(asked.Assess().Metrics.Select(metric => metric.FailEvidence), refused.Assess().Metrics.Select(metric => metric.FailEvidence));
        Assert.NotEqual(refused.Assess().Metrics[1].EdgeSeconds, refused.Assess().Metrics[1].ToleratedEdgeSeconds);
    }

    [Fact]
    public void Strict_OnlyOneMetricKnown_ReplacesTheOthersOnly()
    {
        var strict = new AnalysisSettings { ErrorOverdispersion = 1, ErrorToleranceAbsolute = 0, ErrorToleranceRelative = 0, LatencyToleranceBuckets = 0, LatencyPercentiles = [50] };
        Assert.Contains(new CanaryJudge(strict).Assess().Caveats, caveat => caveat.StartsWith("No tolerance was asked for latencyP50, but", StringComparison.Ordinal));
        var calibrated = strict with { ErrorOverdispersion = null, Calibration = Fleet.Profile() };
        Assert.Empty(new CanaryJudge(calibrated).Assess().Caveats);
        var judge = new CanaryJudge(calibrated);
        Assert.Equal(judge.Assess().Metrics[1].EdgeSeconds, judge.Assess().Metrics[1].ToleratedEdgeSeconds);
        Assert.NotNull(judge.Assess().Metrics[1].EdgeSeconds);
    }

    private static void Run(CanaryJudge judge, int intervals, Random random, int stableEndpoints = 3)
    {
        for (var i = 0; i < intervals; i++)
            judge.Observe(Fleet.Interval(random, i, [0.005, 0.005, 0.005], stableEndpoints: stableEndpoints));
    }
}
