using CsCheck;
using MeshCanary.SampleService.Behaviour;
using MeshCanary.SampleService.Options;

namespace MeshCanary.SampleService.Tests.Behaviour;

public class VersionBehaviourTests
{
    private const int Requests = 40_000;

    // Six standard errors of a share.
    private const double Errors = 6;

    private static readonly SampleOptions Sound = new() { ErrorRate = 0.02 };

    [Fact]
    public void Decide_AnyErrorRateAndSeed_ShareOfErrorsIsTheRate() =>
        Gen.Select(Gen.Double[0, 1], Gen.Int).Sample(
            (rate, seed) => IsRate(rate, Sound with { ErrorRate = rate, Seed = seed }, TimeSpan.Zero), iter: 20);

    [Fact]
    public void Decide_AnyMedianAndFactor_HalfIsAboveItAndOnePercentAboveFiveTimes() =>
        Gen.Select(Gen.Double[1, 500], Gen.Double[0.5, 4], Gen.Int).Sample(
            (median, factor, seed) =>
            {
                var options = Sound with { Latency = TimeSpan.FromMilliseconds(median), LatencyFactor = factor, Seed = seed };
                var middle = median * factor;
                return IsShare(0.5, options, outcome => outcome.Latency.TotalMilliseconds > middle)
                    && IsShare(0.01, options, outcome => outcome.Latency.TotalMilliseconds > 5 * middle);
            },
            iter: 20);

    [Fact]
    public void Decide_SameSeed_SameOutcomes() =>
        Gen.Select(Gen.Int, Gen.Long[0, 1_000_000]).Sample((seed, request) =>
            new VersionBehaviour(Sound with { Seed = seed }).Decide(TimeSpan.Zero, request)
                == new VersionBehaviour(Sound with { Seed = seed }).Decide(TimeSpan.FromHours(1), request));

    [Theory]
    [InlineData(0, SampleOptions.SoundErrorRate, 1)]
    [InlineData(29.9, SampleOptions.SoundErrorRate, 1)]
    [InlineData(30, 0.1, 3)]
    public void Decide_RegressionStartsLate_SoundUntilThen(double second, double rate, double factor)
    {
        var late = Sound with { ErrorRate = 0.1, LatencyFactor = 3, Flaky = true, FailFrom = TimeSpan.FromSeconds(30) };
        var time = TimeSpan.FromSeconds(second);

        Assert.True(IsRate(rate, late, time));
        Assert.Equal(
            factor,
            new VersionBehaviour(late).Decide(time, 1).Latency / new VersionBehaviour(Sound).Decide(time, 1).Latency,
            tolerance: 1e-3);
    }

    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(5.9, 0.01)]
    [InlineData(6, 0.3)]
    [InlineData(7.9, 0.3)]
    [InlineData(8, 0.01)]
    [InlineData(14, 0.3)]
    public void Decide_Flaky_FailsForTwoSecondsOutOfEight(double second, double rate) =>
        Assert.True(IsRate(rate, Sound with { ErrorRate = 0.01, Flaky = true }, TimeSpan.FromSeconds(second)));

    private static bool IsRate(double rate, SampleOptions options, TimeSpan time) =>
        IsShare(rate, options, outcome => outcome.Fails, time);

    private static bool IsShare(double share, SampleOptions options, Predicate<Outcome> counts, TimeSpan time = default)
    {
        var behaviour = new VersionBehaviour(options);
        var counted = Enumerable.Range(1, Requests).Count(request => counts(behaviour.Decide(time, request)));
        return Math.Abs(counted - (Requests * share)) <= (Errors * Math.Sqrt(Requests * share * (1 - share))) + 1e-9;
    }
}
