using MeshCanary.Analysis.Simulator.Procedures;

namespace MeshCanary.Analysis.Tests.Simulation;

/// <summary>The quick decision is that of the interval it stands for.</summary>
public sealed class RankShiftTests
{
    [Fact]
    public void IsHigh_RandomSamples_AgreesWithTheInterval()
    {
        var random = new SeededStream(11);
        var shift = new RankShift();
        var (high, runs) = (0, 400);
        for (var run = 0; run < runs; run++)
        {
            var (n, m) = (3 + (int)(random.NextDouble() * 20), 3 + (int)(random.NextDouble() * 20));

            // Every other pair in whole numbers, for ties.
            double Draw(double mean) => run % 2 == 0 ? mean + Variates.Normal(random) : Math.Round(mean + (2 * Variates.Normal(random)));
            var canary = Enumerable.Range(0, n).Select(_ => Draw(11)).ToArray();
            var other = Enumerable.Range(0, m).Select(_ => Draw(10)).ToArray();
            var expected = IsHigh(canary, other);
            Assert.Equal(expected, shift.IsHigh(canary, other));
            high += expected ? 1 : 0;
        }

        Assert.InRange(high, 40, 360);
    }

    [Theory]
    [InlineData(new double[0], new[] { 1.0 }, false)]
    [InlineData(new[] { 1.0, 1, 1 }, new[] { 1.0, 1, 1 }, false)]
    [InlineData(new[] { 11.0, 12, 13, 14, 15 }, new[] { 1.0, 2, 3, 4, 5 }, true)]
    [InlineData(new[] { 1.0, 2, 3, 4, 5 }, new[] { 11.0, 12, 13, 14, 15 }, false)]

    // Two points each: the level is out of reach, the interval ends at the smallest difference, and that is High.
    [InlineData(new[] { 11.0, 12 }, new[] { 1.0, 2 }, true)]
    public void IsHigh_SpecialSamples_AreDefined(double[] canary, double[] other, bool expected) =>
        Assert.Equal(expected, new RankShift().IsHigh(canary, other));

    /// <summary>By bisection for the interval's lower end, with brute-force ranks.</summary>
    private static bool IsHigh(double[] canary, double[] other)
    {
        var differences = canary.SelectMany(x => other.Select(y => x - y)).Order().ToArray();
        var estimate = (differences[(differences.Length - 1) / 2] + differences[differences.Length / 2]) / 2;
        if (canary.Average() / other.Average() < 1)
            return false;
        var (low, high) = (differences[0], differences[^1]);
        if (Standing(canary, other, low) > 2.3263478740408408)
        {
            // The function falls in steps; 200 halvings find the step that crosses.
            for (var step = 0; step < 200; step++)
            {
                var middle = (low + high) / 2;
                (low, high) = Standing(canary, other, middle) > 2.3263478740408408 ? (middle, high) : (low, middle);
            }
        }

        return low > 0.25 * Math.Abs(estimate) + 1e-9;
    }

    private static double Standing(double[] canary, double[] other, double shift)
    {
        var all = canary.Select(x => x - shift).Concat(other).ToArray();
        double Rank(double value) => all.Count(one => one < value) + ((all.Count(one => one == value) + 1) / 2.0);
        var w = canary.Sum(x => Rank(x - shift)) - (canary.Length * (canary.Length + 1) / 2.0) - (canary.Length * other.Length / 2.0);
        var ties = all.GroupBy(value => value).Sum(group => Math.Pow(group.Count(), 3) - group.Count());
        double total = all.Length;
        var deviation = Math.Sqrt(canary.Length * other.Length / 12.0 * (total + 1 - (ties / (total * (total - 1)))));
        return (w - (0.5 * Math.Sign(w))) / deviation;
    }
}
