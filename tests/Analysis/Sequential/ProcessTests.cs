using System.Text.Json;
using CsCheck;
using MathNet.Numerics;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Tests.Sequential;

/// <summary>The stateful processes: their expectation under the null, their states, and what they refuse.</summary>
public sealed class ProcessTests
{
    private const double Slack = 1e-9;

    [Fact]
    public void SymmetryEProcess_AllSignPatterns_ExpectationIsOneAtEveryStep() =>
        Gen.Double[0, 5].Array[1, 9].Sample(sizes =>
        {
            var expectation = new double[sizes.Length];
            for (var pattern = 0; pattern < 1 << sizes.Length; pattern++)
            {
                var process = new SymmetryEProcess();
                for (var i = 0; i < sizes.Length; i++)
                {
                    Assert.True(process.Observe((pattern >> i & 1) == 1 ? sizes[i] : -sizes[i]));
                    expectation[i] += Math.Exp(process.LogEvidence) / (1 << sizes.Length);
                }
            }

            Assert.All(expectation, one => Assert.Equal(1, one, Slack));
        }, iter: 60);

    [Fact]
    public void SymmetryEProcess_KnownDifferences_IsTheMixtureOfProducts()
    {
        double[] differences = [0, 2, -1, 3, 0, 1];
        var expected = new[] { 0.25, 0.5, 1, 2, 4 }.Average(lambda =>
        {
            // The scale before each: √ of the mean of past squares; the first two have none.
            double E(double u) => Math.Exp(lambda * u) / Math.Cosh(lambda * u);
            return E(-1 / Math.Sqrt(4 / 2.0)) * E(3 / Math.Sqrt(5 / 3.0)) * E(0) * E(1 / Math.Sqrt(14 / 5.0));
        });
        var process = new SymmetryEProcess();
        foreach (var difference in differences)
            process.Observe(difference);
        Assert.Equal(Math.Log(expected), process.LogEvidence, 1e-12);
        Assert.Equal(6, process.Blocks);
    }

    [Fact]
    public void SymmetryEProcess_OneDirection_NeedsSevenBlocksAtOnePercent()
    {
        var process = new SymmetryEProcess();
        while (process.LogEvidence < Math.Log(100) && process.Blocks < 100)
            process.Observe(1);
        Assert.InRange(process.Blocks, 8, 10);
    }

    [Fact]
    public void SymmetryEProcess_WhatIsNoDifference_IsRefused()
    {
        var process = new SymmetryEProcess();
        foreach (var bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e151 })
            Assert.False(process.Observe(bad));
        Assert.Equal(0, process.Blocks);
        for (var i = 0; i < 20; i++)
            Assert.True(process.Observe(0));
        Assert.Equal(0, process.LogEvidence, 1e-12);
        Assert.True(process.Observe(1e150));
        Assert.True(process.Observe(1e150));
        Assert.True(process.Observe(-1e150));
        Assert.True(double.IsFinite(process.LogEvidence));
    }

    [Fact]
    public void StratifiedOdds_ThreeTablesOfAnyRates_ExpectationIsOne()
    {
        (int Canary, int Stable, double Rate)[] blocks = [(3, 2, 0.3), (1, 4, 0.05), (2, 2, 0.8)];
        Assert.Equal(1, Expect(blocks, 0, 1, new StratifiedOddsProcess().Save()), Slack);

        double Expect((int Canary, int Stable, double Rate)[] all, int at, double probability, GridState state)
        {
            var sum = 0.0;
            var (canaries, stables, rate) = all[at];
            for (var xc = 0; xc <= canaries; xc++)
            {
                for (var xb = 0; xb <= stables; xb++)
                {
                    var process = new StratifiedOddsProcess();
                    process.Restore(state);
                    Assert.True(process.Observe(canaries, xc, stables, xb));
                    var chance = probability * Chance(canaries, xc, rate) * Chance(stables, xb, rate);
                    sum += at + 1 < all.Length ? Expect(all, at + 1, chance, process.Save()) : chance * Math.Exp(process.LogEvidence);
                }
            }

            return sum;
        }
    }

    [Fact]
    public void StratifiedOdds_OwnGrid_IsTheWeightedProductOfTables()
    {
        var process = new StratifiedOddsProcess([-1, 2], [1, 3]);
        (long, long, long, long)[] tables = [(10, 3, 12, 1), (100, 0, 100, 0), (0, 0, 5, 2), (7, 7, 9, 4)];
        foreach (var (nc, xc, nb, xb) in tables)
            Assert.True(process.Observe(nc, xc, nb, xb));
        double Product(double psi) => Math.Exp(tables.Sum(one => ConditionalEValue.Log(one.Item1, one.Item2, one.Item3, one.Item4, psi)));
        Assert.Equal(Math.Log((0.25 * Product(-1)) + (0.75 * Product(2))), process.LogEvidence, 1e-12);
        Assert.False(process.Observe(5, 6, 5, 1));
        Assert.False(process.Observe(5, -1, 5, 1));
        Assert.False(process.Observe(5, 1, -5, 0));
        Assert.Throws<ArgumentException>(() => new StratifiedOddsProcess([], []));
        Assert.Throws<ArgumentException>(() => new StratifiedOddsProcess([1], [0]));
        Assert.Throws<ArgumentException>(() => new StratifiedOddsProcess([double.NaN], [1]));
        Assert.Throws<ArgumentException>(() => process.Restore(new GridState { Logs = [1], Highest = 0 }));
    }

    [Fact]
    public void StratifiedMultinomial_SharesThatChange_ExpectationIsOne()
    {
        double[][] shares = [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1], [0.1, 0.1, 0.8]];
        var expectation = 0.0;
        for (var outcome = 0; outcome < 729; outcome++)
        {
            var process = new StratifiedMultinomialProcess([1, 2, 0.5]);
            var probability = 1.0;
            var rest = outcome;
            foreach (var share in shares)
            {
                var counts = new long[3];
                for (var draw = 0; draw < 2; draw++, rest /= 3)
                {
                    counts[rest % 3]++;
                    probability *= share[rest % 3];
                }

                Assert.True(process.Observe(counts, share));
            }

            expectation += probability * Math.Exp(process.LogEvidence);
        }

        Assert.Equal(1, expectation, Slack);
    }

    [Fact]
    public void StratifiedMultinomial_EqualShares_IsTheEValueOfTheSums()
    {
        var process = new StratifiedMultinomialProcess([10, 90]);
        Assert.True(process.Observe([12, 40], [0.1, 0.9]));
        Assert.True(process.Observe([18, 30], [0.1, 0.9]));
        Assert.Equal(MultinomialEValue.Log([30, 70], [0.1, 0.9], [10, 90]), process.LogEvidence, 1e-10);
        Assert.False(process.Observe([1, -1], [0.1, 0.9]));
        Assert.False(process.Observe([1, 1], [0.1, 0.8]));
        Assert.False(process.Observe([1, 1], [double.NaN, 1]));
        Assert.False(process.Observe([1, 1], [1.5, -0.5]));
        Assert.Throws<ArgumentException>(() => process.Observe([1], [1]));
        Assert.Throws<ArgumentException>(() => new StratifiedMultinomialProcess([1]));
        Assert.Throws<ArgumentException>(() => new StratifiedMultinomialProcess([1, 0]));
        Assert.True(process.Observe([0, 5], [0, 1]));
        Assert.True(double.IsFinite(process.LogEvidence));
        Assert.True(process.Observe([1, 5], [0, 1]));
        Assert.Equal(double.PositiveInfinity, process.LogEvidence);
        var again = new StratifiedMultinomialProcess([10, 90]);
        again.Restore(JsonSerializer.Deserialize<MultinomialState>(JsonSerializer.Serialize(process.Save()))!);
        Assert.Equal((process.LogEvidence, process.Highest), (again.LogEvidence, again.Highest));
    }

    [Fact]
    public void MixtureRatio_OneInterval_IsTheTestAndTheMinimumStays()
    {
        var process = new MixtureRatioProcess(4e-6);
        Assert.True(process.Observe(new BlockCounts(10000, 150, 10000, 50)));
        var pooled = 201 / 20002.0;
        Assert.Equal(MixtureRatioTest.Log(0.01, pooled * (1 - pooled) * 2 / 10000, 4e-6), process.LogRatio, 1e-10);
        var least = process.PValue;
        Assert.Equal(Math.Exp(-process.LogRatio), least, 1e-15);
        for (var i = 0; i < 10; i++)
            Assert.True(process.Observe(new BlockCounts(10000, 50, 10000, 60)));
        Assert.True(process.LogRatio < -Math.Log(least));
        Assert.Equal(least, process.PValue);
        Assert.True(process.Observe(new BlockCounts(0, 0, 10, 1)));
        Assert.False(process.Observe(new BlockCounts(1, 2, 10, 1)));
        Assert.False(process.Observe(new BlockCounts(double.NaN, 0, 10, 1)));
        var again = new MixtureRatioProcess(4e-6);
        again.Restore(process.Save());
        Assert.Equal((process.LogRatio, process.PValue), (again.LogRatio, again.PValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MixtureRatioProcess(0));
        Assert.Equal((0, 1), (new MixtureRatioProcess(1).LogRatio, new MixtureRatioProcess(1).PValue));
    }

    [Fact]
    public void MixtureRatio_NoDifferenceWithDrift_RejectsAtMostAtItsLevel()
    {
        var random = new Random(20260402);
        var (rejected, runs) = (0, 3000);
        for (var run = 0; run < runs; run++)
        {
            var process = new MixtureRatioProcess(1e-4);
            for (var interval = 0; interval < 100; interval++)
            {
                // Rate and split both drift: pooled over time they would look like a difference.
                var rate = 0.02 + (0.0002 * interval);
                var (canary, stable) = (200 + (5 * interval), 800 - (5 * interval));
                process.Observe(new BlockCounts(canary, BinomialSampler.Next(random, canary, rate), stable, BinomialSampler.Next(random, stable, rate)));
            }

            if (process.PValue <= 0.05)
                rejected++;
        }

        // At 5 %, five standard errors above: missed with probability below 1e-6.
        Assert.True(rejected <= runs * (0.05 + (5 * Math.Sqrt(0.05 * 0.95 / runs))), $"{rejected} of {runs}");
    }

    [Fact]
    public void States_SavedAndRestored_GoOnAlike() =>
        Gen.Select(Gen.Double[-3, 3].Array[1, 20], Gen.Int[0, 20]).Sample((differences, at) =>
        {
            SymmetryEProcess first = new(), second = new();
            StratifiedOddsProcess odds = new(), oddsAgain = new();
            for (var i = 0; i < differences.Length; i++)
            {
                if (i == at)
                {
                    second.Restore(Copy(second.Save()));
                    oddsAgain.Restore(Copy(oddsAgain.Save()));
                    var (fresh, freshOdds) = (new SymmetryEProcess(), new StratifiedOddsProcess());
                    fresh.Restore(Copy(second.Save()));
                    freshOdds.Restore(Copy(oddsAgain.Save()));
                    (second, oddsAgain) = (fresh, freshOdds);
                }

                Assert.True(first.Observe(differences[i]) && second.Observe(differences[i]));
                var events = (long)Math.Round(20 + (5 * differences[i]));
                Assert.True(odds.Observe(100, events, 200, 30) && oddsAgain.Observe(100, events, 200, 30));
            }

            Assert.Equal((first.LogEvidence, first.Highest, first.Blocks), (second.LogEvidence, second.Highest, second.Blocks));
            Assert.Equal((odds.LogEvidence, odds.Highest), (oddsAgain.LogEvidence, oddsAgain.Highest));
        }, iter: 100);

    private static T Copy<T>(T state) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(state))!;

    private static double Chance(int n, int x, double p) => SpecialFunctions.Binomial(n, x) * Math.Pow(p, x) * Math.Pow(1 - p, n - x);
}
