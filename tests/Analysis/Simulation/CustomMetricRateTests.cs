using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Numerics;
using MeshCanary.Analysis.Samples.Custom;

namespace MeshCanary.Analysis.Tests.Simulation;

/// <summary>
/// How often custom metrics alone would roll back or pass at the edge of their nulls, looked at after every reading: their own
/// evidence against the thresholds of a whole run, without errors and latency in the mean.
/// </summary>
public sealed class CustomMetricRateTests
{
    private const int Runs = 600;
    private const int Readings = 120;
    private static readonly AnalysisSettings Settings = new();

    [Theory]
    [InlineData(WorseDirection.Increase, 0.02, 0.02, 200, 1800)]
    [InlineData(WorseDirection.Increase, 0.023, 0.02, 1000, 1000)]
    [InlineData(WorseDirection.Decrease, 0.30, 0.30, 200, 1800)]
    [InlineData(WorseDirection.Either, 0.1, 0.1, 500, 500)]
    public void Counts_WithinTheirTolerance_AreFoundWorseAsRarelyAsPromised(WorseDirection worse, double canary, double stable, long canaryTotal, long stableTotal)
    {
        var metric = new CustomMetric { Name = "m", Kind = CustomKind.Counts, Worse = worse, ToleranceAbsolute = 0.001, ToleranceRelative = 0.1, HarmAbsolute = 0.02, HarmRelative = 0.2, Overdispersion = 1 };
        var rate = Rate(metric, Fails, (random, place) => Reading(place, Draw(random, canaryTotal, canary), canaryTotal, Draw(random, stableTotal, stable), stableTotal));
        AssertAtMost(Settings.FalseRollbackRate, rate);
    }

    [Fact]
    public void Counts_AtTheEdgeOfHarm_PassAsRarelyAsPromised()
    {
        var metric = new CustomMetric { Name = "m", Kind = CustomKind.Counts, HarmAbsolute = 0.01, Overdispersion = 1 };
        var rate = Rate(metric, Passes, (random, place) => Reading(place, Draw(random, 500, 0.03), 500, Draw(random, 500, 0.02), 500));
        AssertAtMost(Settings.FalsePromotionRate, rate);
    }

    [Theory]
    [InlineData(WorseDirection.Increase)]
    [InlineData(WorseDirection.Decrease)]
    [InlineData(WorseDirection.Either)]
    public void Comparison_OfEqualArms_IsFoundWorseAsRarelyAsPromised(WorseDirection worse)
    {
        var metric = new CustomMetric { Name = "m", Kind = CustomKind.Comparison, Worse = worse, HarmAbsolute = 5 };
        var rate = Rate(metric, Fails, (random, place) => Reading(place, 50 + Normal(random), 50 + Normal(random)));
        AssertAtMost(Settings.FalseRollbackRate, rate);
    }

    [Fact]
    public void Comparison_AtTheEdgeOfHarm_PassesAsRarelyAsPromised()
    {
        var metric = new CustomMetric { Name = "m", Kind = CustomKind.Comparison, HarmAbsolute = 2 };
        var rate = Rate(metric, Passes, (random, place) => Reading(place, 52 + Normal(random), 50 + Normal(random)));
        AssertAtMost(Settings.FalsePromotionRate, rate);
    }

    [Fact]
    public void Comparison_OfMeansOfFewSkewedValuesWithThoseOfMany_IsNotFoundWorseMoreOften()
    {
        // Ten values of the canary, 90 of stable: the difference leans to the right, which the test of larger values stands.
        var metric = new CustomMetric { Name = "m", Kind = CustomKind.Comparison, HarmAbsolute = 500 };
        var rate = Rate(metric, Fails, (random, place) => Reading(place, Mean(random, 10), Mean(random, 90)));
        AssertAtMost(Settings.FalseRollbackRate, rate);
    }

    [Fact]
    public void Comparison_ShiftedByOneDeviation_IsFoundWithinAnHour()
    {
        var metric = new CustomMetric { Name = "m", Kind = CustomKind.Comparison, HarmAbsolute = 5 };
        Assert.True(Rate(metric, Fails, (random, place) => Reading(place, 51.4 + Normal(random), 50 + Normal(random))) > 0.95);
    }

    private static bool Fails(CustomStream stream) => stream.FailEvidence >= -Math.Log(Settings.FalseRollbackRate);

    private static bool Passes(CustomStream stream) => stream.Describe(null, 0, 0).PassEvidence >= -Math.Log(Settings.FalsePromotionRate);

    private static double Rate(CustomMetric metric, Func<CustomStream, bool> happens, Func<Random, int, CustomReading> read)
    {
        var count = 0;
        for (var run = 0; run < Runs; run++)
        {
            var random = new Random(run);
            CustomStream stream = metric.Kind == CustomKind.Counts ? new CountStream(metric, Settings) : new ComparisonStream(metric, Settings);
            for (var place = 0; place < Readings; place++)
            {
                stream.Take(read(random, place));
                if (!happens(stream))
                    continue;
                count++;
                break;
            }
        }

        return (double)count / Runs;
    }

    private static void AssertAtMost(double promised, double rate) =>
        Assert.True(rate <= promised + (3 * Math.Sqrt(promised * (1 - promised) / Runs)), $"{rate:0.0000} of {Runs} runs, {promised} are promised");

    private static CustomReading Reading(int place, double canary, double stable) => At(place) with
    {
        Canary = new CustomValues { Value = canary },
        Stable = new CustomValues { Value = stable },
    };

    private static CustomReading Reading(int place, long canary, long canaryTotal, long stable, long stableTotal) => At(place) with
    {
        Canary = new CustomValues { Events = canary, Total = canaryTotal },
        Stable = new CustomValues { Events = stable, Total = stableTotal },
    };

    private static CustomReading At(int place) => new() { Metric = "m", From = DateTimeOffset.UnixEpoch.AddSeconds(10 * place), To = DateTimeOffset.UnixEpoch.AddSeconds(10 * (place + 1)) };

    private static long Draw(Random random, long total, double share) => BinomialSampler.Next(random, total, share);

    private static double Normal(Random random) => NormalTail.Quantile(Math.Clamp(random.NextDouble(), 1e-12, 1 - 1e-12));

    private static double Mean(Random random, int count) => Enumerable.Range(0, count).Average(_ => 100 * Math.Exp(Normal(random)));
}
