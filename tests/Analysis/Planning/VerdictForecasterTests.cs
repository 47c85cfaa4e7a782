using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Planning;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Planning;

public sealed class VerdictForecasterTests
{
    private static readonly AnalysisSettings Settings = Traffic.Independent;
    private static readonly TrafficForecast Busy = new() { RequestsPerSecond = 200, StableErrorRate = 0.005, StableLatency = LatencyShape.LogNormal(0.08, 0.4) };
    private static readonly VerdictForecaster Forecaster = new(Settings, Busy, PlanTiming.Default);

    [Theory]
    [InlineData(0.5, 0.01, 1)]
    [InlineData(0.1, 0.01, 1)]
    [InlineData(0.5, 0, 1.14)]
    public void TimeToFail_AgainstSimulatedRuns_IsNearTheirMean(double share, double increase, double factor)
    {
        var forecast = Forecaster.RequestsToFail(share, new Regression(increase, factor));
        var requests = Enumerable.Range(0, 60).Select(seed => (double)Simulated(seed, share, increase, factor, VerdictKind.Fail).CanaryRequests).Average();
        Assert.InRange(requests / forecast, 0.6, 1.5);
    }

    [Fact]
    public void RequestsToPass_AgainstSimulatedRuns_IsNearTheirMean()
    {
        var forecast = Forecaster.RequestsToPass(0.5);
        var requests = Enumerable.Range(0, 60).Select(seed => (double)Simulated(seed, 0.5, 0, 1, VerdictKind.Pass).CanaryRequests).Average();
        Assert.InRange(requests / forecast, 0.6, 1.5);
    }

    /// <summary>Intervals of a month, or two thousand million of them: more time than a TimeSpan holds.</summary>
    [Theory]
    [InlineData(40, 2)]
    [InlineData(1, int.MaxValue)]
    public void TimeToFail_LongerThanAMonth_IsNever(int days, int minimumIntervals)
    {
        var forecaster = new VerdictForecaster(Settings with { MinimumIntervals = minimumIntervals }, Busy, new PlanTiming(TimeSpan.FromDays(days), TimeSpan.Zero));
        Assert.Null(forecaster.TimeToFail(0.5, new Regression(0.05)));
        Assert.Null(forecaster.SmallestErrorIncrease(0.5, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void SmallestErrorIncrease_WithinATime_IsTheOneThatTakesThatTime()
    {
        var within = TimeSpan.FromMinutes(5);
        var increase = Forecaster.SmallestErrorIncrease(0.5, within);
        Assert.NotNull(increase);
        Assert.InRange(increase.Value, Settings.ErrorToleranceAbsolute, 0.02);
        Assert.True(Forecaster.TimeToFail(0.5, new Regression(increase.Value)) <= within);
        Assert.True(Forecaster.TimeToFail(0.5, new Regression(increase.Value * 0.99)) > within);
    }

    [Fact]
    public void SmallestLatencyFactor_MoreTime_SeesSmallerFactors()
    {
        var soon = Forecaster.SmallestLatencyFactor(0.5, 99, TimeSpan.FromSeconds(30))!.Value;
        var late = Forecaster.SmallestLatencyFactor(0.5, 99, TimeSpan.FromMinutes(30))!.Value;
        Assert.True(late < soon, $"{late} < {soon}");
        Assert.True(late > Math.Pow(2, 1.0 / 16), "within the tolerance nothing is seen");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Forecast_OneArmWithoutTraffic_SeesNothing(double share)
    {
        Assert.Null(Forecaster.TimeToPass(share));
        Assert.Null(Forecaster.TimeToFail(share, new Regression(0.5)));
        Assert.Null(Forecaster.SmallestErrorIncrease(share, TimeSpan.FromHours(1)));
        Assert.Contains("nothing is compared", StepForecast.Of(Forecaster, share, TimeSpan.FromMinutes(5)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void TimeToFail_WithinTheTolerance_IsUnknown() =>
        Assert.Null(Forecaster.TimeToFail(0.5, new Regression(0.0009)));

    [Fact]
    public void TimeToFail_TotalFailure_StillTakesTheMinimumOfIntervals() =>
        Assert.Equal(Settings.MinimumIntervals * PlanTiming.Default.Interval, Forecaster.TimeToFail(0.5, new Regression(1)));

    [Theory]
    [InlineData(0, 0.005)]
    [InlineData(double.NaN, 0.005)]
    [InlineData(double.PositiveInfinity, 0.005)]
    [InlineData(100, 1)]
    [InlineData(100, -0.1)]
    [InlineData(100, double.NaN)]
    public void Forecaster_TrafficOutsideItsRange_IsRefused(double rate, double errors) =>
        Assert.Throws<ArgumentException>(() => new VerdictForecaster(Settings, new TrafficForecast { RequestsPerSecond = rate, StableErrorRate = errors }, PlanTiming.Default));

    [Fact]
    public void StepForecast_Sentence_SaysWhatIsSeenAndWhatIsNot()
    {
        var sentence = StepForecast.Of(Forecaster, 0.05, TimeSpan.FromMinutes(5)).Sentence;
        Assert.Contains("At 5 % of 200 requests/s for 5 min (3,000 canary requests)", sentence, StringComparison.Ordinal);
        Assert.Contains("from an error rate of", sentence, StringComparison.Ordinal);
        Assert.Contains("(by p99)", sentence, StringComparison.Ordinal);
        Assert.Contains("less is not seen in that time", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void LogNormal_Quantiles_AreTheGiven()
    {
        var shape = LatencyShape.LogNormal(0.08, 0.4);
        Assert.InRange(shape.Quantile(0.5)!.Value, 0.08, 0.08 * 1.0443);
        Assert.InRange(shape.Quantile(0.99)!.Value, 0.4, 0.4 * 1.0443);
        Assert.Throws<ArgumentOutOfRangeException>(() => LatencyShape.LogNormal(0.4, 0.08));
    }

    private static Verdict Simulated(int seed, double share, double increase, double factor, VerdictKind until)
    {
        var traffic = new Traffic(seed, canaryWeight: (int)(share * 10_000)) { Canary = new ArmModel(0.005 + increase, factor) };
        var judge = new CanaryJudge(Settings with { MinimumIntervals = 1 });
        for (var i = 0; i < 6; i++)
            judge.Warm(traffic.Next());
        for (var i = 0; i < 2000 && judge.Assess().Kind != until; i++)
            judge.Observe(traffic.Next());
        return judge.Assess();
    }
}
