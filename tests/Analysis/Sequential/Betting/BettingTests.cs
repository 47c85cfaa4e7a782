using System.Text.Json;
using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Sequential.Betting;

namespace MeshCanary.Analysis.Tests.Sequential.Betting;

public sealed class BettingTests
{
    /// <summary>All sequences of a value with three outcomes; on the boundary E[K] is 1, inside the null it is less.</summary>
    [Theory]
    [InlineData(Claim.Regression)]
    [InlineData(Claim.Harmless)]
    public void BettingEProcess_AllSequencesUnderTheNull_ExpectationAtMostOne(Claim claim)
    {
        double[] values = [-1, 0.5, 3];
        const int Steps = 7;
        foreach (var chances in new[] { new[] { 0.2, 0.5, 0.3 }, [0.01, 0.01, 0.98], [0.98, 0.01, 0.01] })
        {
            var mean = values.Zip(chances, (value, chance) => value * chance).Sum();
            var inside = claim == Claim.Regression ? mean + 0.01 : mean - 0.01;
            foreach (var boundary in new[] { mean, inside })
            {
                var expectation = 0.0;
                for (var outcome = 0; outcome < Math.Pow(3, Steps); outcome++)
                {
                    var process = new BettingEProcess(new ValueRange(-1, 3), boundary, claim);
                    var (probability, rest) = (1.0, outcome);
                    for (var step = 0; step < Steps; step++, rest /= 3)
                    {
                        Assert.True(process.Observe(values[rest % 3]));
                        probability *= chances[rest % 3];
                    }

                    expectation += probability * Math.Exp(process.LogEvidence);
                }

                if (boundary == mean)
                    Assert.Equal(1, expectation, 1e-9);
                else
                    Assert.True(expectation <= 1 + 1e-9);
            }
        }
    }

    [Fact]
    public void BettingEProcess_HigherMean_GathersEvidenceForItsClaimOnly()
    {
        var random = new Random(20260404);
        var up = new BettingEProcess(ValueRange.Unit, 0.4, Claim.Regression);
        var down = new BettingEProcess(ValueRange.Unit, 0.4, Claim.Harmless);
        for (var i = 0; i < 500; i++)
        {
            var value = 0.1 + (0.9 * random.NextDouble());
            up.Observe(value);
            down.Observe(value);
        }

        Assert.True(up.Highest > Math.Log(1000));
        Assert.True(down.LogEvidence < -5);
    }

    /// <summary>Every sequence of twelve Bernoulli values: the mean is ever left out with probability at most α.</summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    [InlineData(0.517)]
    [InlineData(0.99)]
    public void HedgedSequence_AllSequences_CoversTheMeanForEver(double mean)
    {
        const int Steps = 12;
        const double Alpha = 0.2;
        var missed = 0.0;
        for (var outcome = 0; outcome < 1 << Steps; outcome++)
        {
            var sequence = new HedgedSequence(ValueRange.Unit, Alpha, 50);
            var probability = 1.0;
            for (var step = 0; step < Steps; step++)
            {
                var one = (outcome >> step & 1) == 1;
                sequence.Observe(one ? 1 : 0);
                probability *= one ? mean : 1 - mean;
            }

            if (mean < sequence.Low || mean > sequence.High)
                missed += probability;
        }

        Assert.True(missed <= Alpha, $"missed with probability {missed}");
    }

    [Fact]
    public void HedgedSequence_ManyValues_ClosesInAndNeverWidens()
    {
        var random = new Random(20260405);
        var sequence = new HedgedSequence(new ValueRange(0, 200), 0.05, 400);
        var (low, high) = (sequence.Low, sequence.High);
        Assert.Equal((0, 200), (low, high));
        for (var i = 0; i < 3000; i++)
        {
            Assert.True(sequence.Observe(40 + (20 * random.NextDouble())));
            Assert.True(sequence.Low >= low && sequence.High <= high);
            (low, high) = (sequence.Low, sequence.High);
        }

        Assert.InRange(50, low, high);
        Assert.True(high - low < 4, $"[{low}, {high}]");
        Assert.False(sequence.IsEmpty);
        for (var i = 0; i < 3000; i++)
            sequence.Observe(150);
        Assert.True(sequence.IsEmpty);
    }

    [Fact]
    public void Betting_WhatIsNotInTheRange_IsRefused()
    {
        var process = new BettingEProcess(ValueRange.Unit, 0.5, Claim.Regression);
        var sequence = new HedgedSequence(ValueRange.Unit);
        foreach (var bad in new[] { double.NaN, -0.001, 1.001, double.PositiveInfinity })
        {
            Assert.False(process.Observe(bad));
            Assert.False(sequence.Observe(bad));
        }

        Assert.Equal(0, process.Save().Bet.Count);
        Assert.Equal((0, 1), (sequence.Low, sequence.High));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BettingEProcess(ValueRange.Unit, 1, Claim.Regression));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BettingEProcess(ValueRange.Unit, double.NaN, Claim.Regression));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BettingEProcess(default, 0, Claim.Regression));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ValueRange(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ValueRange(double.MinValue, double.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HedgedSequence(ValueRange.Unit, 0.05, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HedgedSequence(ValueRange.Unit, 1));
    }

    [Fact]
    public void Betting_SavedAndRestored_GoesOnAlike()
    {
        var random = new Random(20260406);
        BettingEProcess first = new(ValueRange.Unit, 0.3, Claim.Harmless), second = new(ValueRange.Unit, 0.3, Claim.Harmless);
        HedgedSequence one = new(ValueRange.Unit, 0.05, 100), two = new(ValueRange.Unit, 0.05, 100);
        for (var i = 0; i < 200; i++)
        {
            if (i == 100)
            {
                second.Restore(JsonSerializer.Deserialize<BettingState>(JsonSerializer.Serialize(first.Save()))!);
                two.Restore(JsonSerializer.Deserialize<HedgedState>(JsonSerializer.Serialize(one.Save()))!);
            }

            var value = random.NextDouble();
            Assert.True(first.Observe(value) && one.Observe(value));
            if (i >= 100)
                Assert.True(second.Observe(value) && two.Observe(value));
        }

        Assert.Equal((first.LogEvidence, first.Highest), (second.LogEvidence, second.Highest));
        Assert.Equal((one.Low, one.High), (two.Low, two.High));
        Assert.Throws<ArgumentException>(() => new HedgedSequence(ValueRange.Unit).Restore(one.Save()));
        Assert.Throws<ArgumentException>(() => second.Restore(first.Save() with { LogCapital = double.NaN }));
        Assert.Throws<ArgumentException>(() => second.Restore(first.Save() with { Bet = new BetState(1, 5, 0) }));
    }
}
