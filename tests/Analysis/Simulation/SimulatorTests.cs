using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Simulator.Procedures;
using MeshCanary.Analysis.Simulator.Scenarios;
using MeshCanary.Analysis.Simulator.Tables;

namespace MeshCanary.Analysis.Tests.Simulation;

/// <summary>The simulator draws what it says it draws, and its figures do not depend on how it is run.</summary>
public sealed class SimulatorTests
{
    [Theory]
    [InlineData(1000, 400)]
    [InlineData(10_000, 40)]
    public void LatencySampler_ManyDraws_FollowTheLaw(int perDraw, int draws)
    {
        ILatencyLaw[] laws = [LogNormalLaw.Usual, new ParetoTailLaw(1.2), new CacheLaw(0.7), new SlowTailLaw(LogNormalLaw.Usual, 1.25)];
        foreach (var law in laws)
        {
            var counts = new long[LatencyBuckets.Count];
            var sampler = new LatencySampler(law);
            var random = new SeededStream(7);
            for (var draw = 0; draw < draws; draw++)
                sampler.Draw(random, perDraw, 1.1, counts);
            var total = (double)perDraw * draws;
            Assert.Equal(total, counts.Sum());

            // Every edge with something on both sides: the share below it is within five standard errors.
            var below = 0L;
            for (var bucket = 0; bucket < LatencyBuckets.LastFinite; bucket++)
            {
                below += counts[bucket];
                var expected = law.UpTo(LatencyBuckets.UpperEdgeSeconds(bucket) / 1.1);
                Assert.InRange((below / total) - expected, -5 * Math.Sqrt((expected * (1 - expected) / total) + 1e-12), 5 * Math.Sqrt((expected * (1 - expected) / total) + 1e-12));
            }
        }
    }

    [Fact]
    public void Variates_ManyNumbers_HaveTheirMeansAndVariances()
    {
        var random = new SeededStream(3);
        var normal = Enumerable.Range(0, 40_000).Select(_ => Variates.Normal(random)).ToArray();
        AssertMoments(normal, 0, 1);
        AssertMoments([.. Enumerable.Range(0, 20_000).Select(_ => (double)Variates.Poisson(random, 1000))], 1000, 1000);
        AssertMoments([.. Enumerable.Range(0, 20_000).Select(_ => (double)BinomialSampler.Next(random, 1000, 0.005))], 5, 5 * 0.995);

        // Clusters of geometric size 5: E[k²]/E[k] = 2·5 − 1 times the variance.
        AssertMoments([.. Enumerable.Range(0, 40_000).Select(_ => (double)Variates.Clustered(random, 1000, 0.005, 5))], 5, 5 * 9);
    }

    [Fact]
    public void SeededStream_SameSeed_GivesTheNumbersOfItsDefinition()
    {
        // xoshiro256** after SplitMix64(0), as its authors' reference code gives them.
        Span<byte> bytes = stackalloc byte[16];
        new SeededStream(0).NextBytes(bytes);
        Assert.Equal(0x99EC5F36CB75F2B4UL, BitConverter.ToUInt64(bytes));
        Assert.Equal(0xBF6E1F784956452AUL, BitConverter.ToUInt64(bytes[8..]));
        Assert.NotEqual(SeededStream.For(1, "row", 0).NextDouble(), SeededStream.For(1, "row", 1).NextDouble());
        Assert.NotEqual(SeededStream.For(1, "row", 0).NextDouble(), SeededStream.For(2, "row", 0).NextDouble());
        Assert.NotEqual(SeededStream.For(1, "row", 0).NextDouble(), SeededStream.For(1, "other", 0).NextDouble());
    }

    [Fact]
    public void Simulation_OtherNumberOfThreads_PrintsTheSameFigures()
    {
        Assert.Equal(Print(1), Print(3));
        static string Print(int threads)
        {
            using var text = new StringWriter();
            new TableSet(new SimulationOptions { Runs = 3, Threads = threads, Rows = "noise, errors" }).Write(text);
            return text.ToString();
        }
    }

    [Fact]
    public void MinuteNoise_Correlated_KeepsItsVariance()
    {
        var noise = MinuteNoise.Usual with { Correlation = 0.9 };
        var random = new SeededStream(5);
        var (score, sum, lagged) = (Variates.Normal(random), 0.0, 0.0);
        for (var minute = 0; minute < 200_000; minute++)
        {
            var next = noise.Step(score, Variates.Normal(random));
            (sum, lagged, score) = (sum + (next * next), lagged + (next * score), next);
        }

        Assert.InRange(sum / 200_000, 0.95, 1.05);
        Assert.InRange(lagged / sum, 0.89, 0.91);
    }

    [Fact]
    public void FixedThreshold_FifthFailedCheck_RollsBack()
    {
        var scenario = new Scenario { Name = "down", Regression = new Regression { Errors = 0.1, FromMinute = 3 } };
        Assert.Equal(8, Follow(scenario, new FixedThreshold(goesOn: true)).RolledBack);
        Assert.Equal(5, Follow(new Scenario { Name = "up" }, new FixedThreshold(goesOn: false)).Promoted);
    }

    [Fact]
    public void Procedures_SevereRegression_RollBackAtTheirFirstLook()
    {
        var scenario = new Scenario { Name = "severe", Regression = new Regression { Errors = 0.2, Slowdown = 2 } };
        Assert.Equal(1 / 6.0, Follow(scenario, new PooledZ(peeks: true)).RolledBack, 9);
        Assert.Equal(60, Follow(scenario, new PooledZ(peeks: false)).RolledBack, 9);
        Assert.Equal(1 / 6.0, Follow(scenario, new MixtureRatio()).RolledBack, 9);
        Assert.Equal(10, Follow(scenario, new RepeatedRanks(10, 5)).RolledBack, 9);
    }

    [Theory]
    [InlineData("--quick", 150, 1, 2)]
    [InlineData("--seed -7 --threads 4 --runs 30", 30, -7, 4)]
    [InlineData("", 1500, 1, 2)]
    public void Options_Known_AreTaken(string arguments, int runs, long seed, int threads)
    {
        var options = SimulationOptions.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))!;
        Assert.Equal((runs, seed, threads), (options.Runs, options.Seed, options.Threads));
    }

    [Theory]
    [InlineData("--seed")]
    [InlineData("--runs 0")]
    [InlineData("--threads x")]
    [InlineData("--fast 1")]
    public void Options_Unknown_AreRefused(string arguments) => Assert.Null(SimulationOptions.Parse(arguments.Split(' ')));

    private static Outcome Follow(Scenario scenario, IProcedure procedure)
    {
        var rollout = new Rollout(scenario, new SeededStream(1));
        var view = new RunView(0, wantsMinutes: true);
        while (rollout.Interval < Clock.RunIntervals)
        {
            view.Add(rollout.Interval, rollout.Next());
            procedure.Observe(view);
        }

        return procedure.Outcome;
    }

    private static void AssertMoments(double[] values, double mean, double variance)
    {
        var found = values.Average();
        var spread = values.Sum(value => (value - found) * (value - found)) / (values.Length - 1);
        Assert.InRange(found, mean - (5 * Math.Sqrt(variance / values.Length)), mean + (5 * Math.Sqrt(variance / values.Length)));
        Assert.InRange(spread / variance, 0.9, 1.1);
    }
}
