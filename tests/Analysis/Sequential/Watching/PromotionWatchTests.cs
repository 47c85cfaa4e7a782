using System.Text.Json;
using MathNet.Numerics;
using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Sequential.Watching;

namespace MeshCanary.Analysis.Tests.Sequential.Watching;

public sealed class PromotionWatchTests
{
    private static readonly PromotionReference Reference = new(60_000, 300);

    [Fact]
    public void Watch_AllOutcomesAtTheBoundary_ExpectationIsTheTime()
    {
        const int N = 4;
        const int T = 4;
        foreach (var overdispersion in new[] { 1.0, 3 })
        {
            var options = new PromotionWatchOptions { PlannedIntervals = T, Overdispersion = overdispersion };
            var boundary = new PromotionWatch(new PromotionReference(50, 10), options).Boundary;
            foreach (var rate in new[] { boundary, boundary / 2 })
            {
                var expectation = 0.0;
                for (var outcome = 0; outcome < Math.Pow(N + 1, T); outcome++)
                {
                    var watch = new PromotionWatch(new PromotionReference(50, 10), options);
                    var (probability, rest) = (1.0, outcome);
                    for (var t = 0; t < T; t++, rest /= N + 1)
                    {
                        var x = rest % (N + 1);
                        probability *= SpecialFunctions.Binomial(N, x) * Math.Pow(rate, x) * Math.Pow(1 - rate, N - x);
                        Assert.True(watch.Observe(N, x));
                    }

                    expectation += probability * Math.Exp(watch.LogEvidence);
                }

                // E[SR_T]/T: 1 at the boundary, less inside the null or when tempered.
                if (rate == boundary && overdispersion == 1)
                    Assert.Equal(1, expectation, 1e-9);
                else
                    Assert.True(expectation < 1, $"E[SR_T]/T = {expectation}");
            }
        }
    }

    [Theory]
    [InlineData(0.005, 60_000, 0.0, 0.0)]
    [InlineData(0.005, 2_000, 0.0, 0.0)]
    [InlineData(0.05, 500, 0.0005, 0.1)]
    public void Watch_VersionAtTheEdgeOfTolerance_AlarmsWithinTheBakeAtMostAtAlpha(double rate, int measured, double absolute, double relative)
    {
        var random = new Random(20260407);
        var (alarms, runs) = (0, 3000);
        var margin = new Margin(absolute, relative);
        var options = new PromotionWatchOptions { PlannedIntervals = 60, Alpha = 0.05, Margin = margin };
        for (var run = 0; run < runs; run++)
        {
            var watch = new PromotionWatch(new PromotionReference(measured, BinomialSampler.Next(random, measured, rate)), options);
            for (var interval = 0; interval < 60 && !watch.HasAlarmed; interval++)
                watch.Observe(1000, BinomialSampler.Next(random, 1000, margin.Boundary(rate)));
            alarms += watch.HasAlarmed ? 1 : 0;
        }

        // At α, five standard errors above: missed with probability below 1e-6.
        Assert.True(alarms <= runs * (0.05 + (5 * Math.Sqrt(0.05 * 0.95 / runs))), $"{alarms} of {runs}");
    }

    [Theory]
    [InlineData(0.01, 4)]
    [InlineData(0.05, 1)]
    public void Watch_RegressionAtOneHundredPerSecond_AlarmsSoon(double added, int medianIntervals)
    {
        var random = new Random(20260408);
        var delays = new List<int>();
        var options = new PromotionWatchOptions { PlannedIntervals = 360 };
        for (var run = 0; run < 300; run++)
        {
            // Twenty good minutes of 10 s intervals first: late onset.
            var watch = new PromotionWatch(Reference, options);
            for (var interval = 0; interval < 120; interval++)
                watch.Observe(1000, BinomialSampler.Next(random, 1000, 0.005));
            Assert.False(watch.HasAlarmed);
            var delay = 0;
            while (!watch.HasAlarmed && delay < 240)
            {
                delay++;
                watch.Observe(1000, BinomialSampler.Next(random, 1000, 0.005 + added));
            }

            delays.Add(delay);
        }

        delays.Sort();
        Assert.True(delays[150] <= medianIntervals, $"median {delays[150]}, 95 % {delays[285]}, most {delays[^1]}");
        Assert.True(delays[^1] <= 12, $"most {delays[^1]}");
    }

    [Fact]
    public void Watch_SavedAndRestored_GoesOnAlike()
    {
        var options = new PromotionWatchOptions { PlannedIntervals = 60 };
        PromotionWatch first = new(Reference, options), second = new(Reference, options);
        Assert.Equal(double.NegativeInfinity, second.LogEvidence);
        for (var interval = 0; interval < 20; interval++)
        {
            Assert.True(first.Observe(1000, 5 + interval));
            var next = new PromotionWatch(Reference, options);
            next.Restore(JsonSerializer.Deserialize<PromotionWatchState>(JsonSerializer.Serialize(second.Save()))!);
            second = next;
            Assert.True(second.Observe(1000, 5 + interval));
        }

        Assert.Equal((first.LogEvidence, first.HasAlarmed, first.Intervals), (second.LogEvidence, second.HasAlarmed, second.Intervals));
        Assert.True(first.HasAlarmed);
        Assert.Equal(Math.Log(1 / 0.0075), first.Threshold, 1e-12);
    }

    [Fact]
    public void Watch_BadInput_IsRefusedOrSaysNothing()
    {
        var options = new PromotionWatchOptions { PlannedIntervals = 60 };
        var watch = new PromotionWatch(Reference, options);
        Assert.False(watch.Observe(-1, 0));
        Assert.False(watch.Observe(10, 11));
        Assert.False(watch.Observe(10, -1));
        Assert.True(watch.Observe(0, 0));
        Assert.Equal(0, watch.Intervals);
        Assert.True(watch.Observe(3_000_000_000, 3_000_000_000));
        Assert.True(watch.HasAlarmed);
        foreach (var silent in new[] { new PromotionReference(0, 0), new PromotionReference(7, 7) })
        {
            var blind = new PromotionWatch(silent, options);
            Assert.False(blind.CanJudge);
            Assert.False(blind.Observe(1000, 1000));
            Assert.False(blind.HasAlarmed);
        }

        Assert.True(new PromotionWatch(new PromotionReference(1_000_000_000, 0), options with { Margin = Margin.None }).Boundary < 1e-7 * 1.0001);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PromotionWatch(new PromotionReference(1, 2), options));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PromotionWatch(Reference, options with { PlannedIntervals = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PromotionWatch(Reference, options with { Alpha = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PromotionWatch(Reference, options with { Overdispersion = 0.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PromotionWatch(Reference, options with { Margin = new Margin(-1, 0) }));
    }
}
