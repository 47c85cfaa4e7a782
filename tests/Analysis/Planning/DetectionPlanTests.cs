using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Planning;
using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Planning;

public sealed class DetectionPlanTests
{
    private static readonly AnalysisSettings Settings = Traffic.Independent;

    [Fact]
    public void ExpectedCanaryRequests_Overdispersed_AreAsManyTimesMore()
    {
        var terms = new DetectionTerms(0.01, 0.4, 0.1, 0.5, 1);
        var truth = new ArmRates(0.015, 0.005);
        Assert.Equal(3, DetectionPlan.ExpectedCanaryRequests(Margin.None, truth, 1, terms with { Overdispersion = 3 })
            / DetectionPlan.ExpectedCanaryRequests(Margin.None, truth, 1, terms), 1e-9);
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
