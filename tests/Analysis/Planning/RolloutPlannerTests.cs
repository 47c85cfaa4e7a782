using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Planning;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Planning;

public sealed class RolloutPlannerTests
{
    private static readonly AnalysisSettings Settings = Traffic.Independent;

    private static RolloutPlan PlanFor(double rate, double errors = 0.005) =>
        RolloutPlanner.Recommend(Settings, new TrafficForecast { RequestsPerSecond = rate, StableErrorRate = errors, StableLatency = LatencyShape.LogNormal(0.08, 0.4) }, PlanTiming.Default);

    [Theory]
    [InlineData(0.5)]
    [InlineData(20)]
    [InlineData(200)]
    [InlineData(50_000)]
    public void Recommend_AnyTraffic_WeightsRiseToHalfAndTimesAreWholeIntervals(double rate)
    {
        var plan = PlanFor(rate);
        Assert.Equal(plan.Steps.Select(step => step.Weight).Order().Distinct(), plan.Steps.Select(step => step.Weight));
        Assert.Equal(5000, plan.Steps[^1].Weight);
        Assert.All(plan.Steps, step => Assert.True(step.MaxDuration >= step.MinDuration && step.MinDuration > TimeSpan.Zero));
        Assert.All(plan.Steps, step => Assert.Equal(0, step.Forecast.Duration.Ticks % PlanTiming.Default.Interval.Ticks));
    }

    [Fact]
    public void Recommend_MoreTraffic_BeginsLowerAndEndsSooner()
    {
        var (little, much) = (PlanFor(50), PlanFor(5000));
        Assert.True(much.Steps[0].Weight < little.Steps[0].Weight);
        Assert.True(much.TimeToPass < little.TimeToPass);
        Assert.Empty(much.Warnings);
    }

    [Fact]
    public void Recommend_FirstStep_FindsAnOutrightFailureInIt()
    {
        var step = PlanFor(200).Steps[0];
        Assert.True(step.Forecast.SmallestErrorIncrease <= 0.2, $"{step.Forecast.SmallestErrorIncrease}");
    }

    [Fact]
    public void Recommend_NextToNoTraffic_WarnsThatNothingCanBeProven()
    {
        var plan = PlanFor(0.01);
        Assert.Contains(plan.Warnings, warning => warning.Contains("too little", StringComparison.Ordinal));
        Assert.Contains(plan.Warnings, warning => warning.Contains("guard", StringComparison.Ordinal));
    }

    [Fact]
    public void Recommend_LatencyUnknown_PlansForErrorsAndSaysSo()
    {
        var plan = RolloutPlanner.Recommend(Settings, new TrafficForecast { RequestsPerSecond = 100, StableErrorRate = 0 }, PlanTiming.Default);
        Assert.Contains(plan.Warnings, warning => warning.Contains("not known", StringComparison.Ordinal));
        Assert.NotNull(plan.TimeToPass);
    }
}
