using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Planning;
using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Planning;

public sealed class DetectionPlanTests
{
    private static readonly AnalysisSettings Settings = Traffic.Independent;
    private static readonly TrafficRates Rates = new(100, 100);

    [Fact]
    public void SmallestErrorIncrease_WithinATime_IsTheOneThatTakesThatTime()
    {
        var within = TimeSpan.FromMinutes(5);
        var increase = DetectionPlan.SmallestErrorIncrease(Settings, Rates, 0.005, within);
        Assert.NotNull(increase);
        Assert.InRange(increase.Value, Settings.ErrorToleranceAbsolute, 0.02);
        Assert.InRange(DetectionPlan.TimeToDetectErrors(Settings, Rates, 0.005, increase.Value)!.Value / within, 0.99, 1);
    }

    [Fact]
    public void TimeToDetectErrors_WithinToleranceOrWithoutTraffic_IsUnknown()
    {
        Assert.Null(DetectionPlan.TimeToDetectErrors(Settings, Rates, 0.005, 0.0009));
        Assert.Null(DetectionPlan.TimeToDetectErrors(Settings, new TrafficRates(0, 100), 0.005, 0.5));
        Assert.Null(DetectionPlan.TimeToDetectErrors(Settings, new TrafficRates(100, 0), 0.005, 0.5));
        Assert.Null(DetectionPlan.SmallestErrorIncrease(Settings, new TrafficRates(0, 0), 0.005, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void TimeToDetectErrors_Overdispersed_TakesAsMuchLonger() =>
        Assert.Equal(3, DetectionPlan.TimeToDetectErrors(Settings with { ErrorOverdispersion = 3 }, Rates, 0.005, 0.01)!.Value
            / DetectionPlan.TimeToDetectErrors(Settings, Rates, 0.005, 0.01)!.Value, 1e-6);

    [Fact]
    public void SmallestLatencyFactor_MoreTime_SeesSmallerFactors()
    {
        var stable = new ArmModel().Next(new Random(1), 100_000).Latency;
        var quick = DetectionPlan.SmallestLatencyFactor(Settings, Rates, stable, 99, TimeSpan.FromMinutes(1));
        var slow = DetectionPlan.SmallestLatencyFactor(Settings, Rates, stable, 99, TimeSpan.FromMinutes(20));
        Assert.True(slow < quick, $"{slow} in 20 min, {quick} in 1 min");
        Assert.True(slow > 1.05);
        Assert.Null(DetectionPlan.TimeToDetectLatency(Settings, Rates, stable, 50, Settings.LatencyToleranceBuckets));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    public void ExpectedCanaryRequests_AgainstSimulation_IsWithinThirtyPercentAndAnInterval(double increase)
    {
        const long PerArm = 200;
        var planned = DetectionPlan.ExpectedCanaryRequests(
            new Margin(Settings.ErrorToleranceAbsolute, Settings.ErrorToleranceRelative), new ArmRates(0.005 + increase, 0.005), 1, DetectionTerms.ForErrors(Settings));
        var needed = Enumerable.Range(0, 60).Select(seed =>
        {
            var traffic = new Traffic(seed, 2 * PerArm) { Canary = new ArmModel(0.005 + increase) };
            var judge = new CanaryJudge(Settings with { MinimumIntervals = 1 });
            return traffic.Run(judge, 400, warmup: 30).CanaryRequests;
        }).Average();
        Assert.InRange(needed, (planned * 0.6) - PerArm, (planned * 1.4) + PerArm);
    }
}
