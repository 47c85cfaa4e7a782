using System.Globalization;
using CsCheck;
using MeshCanary.Analysis.Hypotheses.Ranks;

namespace MeshCanary.Analysis.Tests.Hypotheses.Ranks;

public sealed class HodgesLehmannTests
{
    private static readonly double[] Infinite = [double.NegativeInfinity, double.PositiveInfinity];

    // Continuous, on a lattice, over many scales, few distinct values, any double without infinity and NaN.
    private static readonly Gen<double[]> Samples = Gen.OneOf(
        Gen.Double[-1, 1].Array[1, 120],
        Gen.Int[0, 40].Select(value => value / 8.0).Array[1, 120],
        Gen.Double[-300, 300].Select(value => Math.Pow(10, value)).Array[1, 120],
        Gen.Int[0, 1].Select(value => value * 1e-310).Array[1, 120],
        Gen.Double.Where(double.IsFinite).Array[1, 120]);

    [Fact]
    public void Select_EveryRank_IsTheOrderStatisticOfAllDifferences() => Gen.Select(Samples, Samples, Gen.Double[0, 1]).Sample(
        (x, y, place) =>
        {
            Array.Sort(x);
            Array.Sort(y);
            var all = AllDifferences(x, y);
            var differences = new PairwiseDifferences(x, y, new double[PairwiseDifferences.Room]);
            foreach (var rank in new[] { 1, all.Length, 1 + (int)(place * (all.Length - 1)), (all.Length + 1) / 2 })
            {
                Assert.Equal(all[rank - 1], differences.Select(rank, out var next));
                Assert.Equal(all[Math.Min(rank, all.Length - 1)], next);
            }
        },
        iter: 2000,
        seed: "0000000000011",
        threads: 1);

    [Fact]
    public void Select_LargeSamplesOfR_AreTheOrderStatistics()
    {
        foreach (var one in RankReference.Large)
        {
            Assert.Equal(one.Expected.GetProperty("shift").GetDouble(), HodgesLehmann.Shift(one.Canary, one.Stable));
            double[] x = [.. one.Canary.Order()], y = [.. one.Stable.Order()];
            var differences = new PairwiseDifferences(x, y, new double[PairwiseDifferences.Room]);
            foreach (var pair in one.Expected.GetProperty("order").EnumerateArray().Select(RankReference.Numbers))
                Assert.Equal(pair[1], differences.Select((long)pair[0]));
        }
    }

    [Fact]
    public void Estimate_CasesOfR_Agree()
    {
        var bases = new HashSet<IntervalBasis>();
        foreach (var one in RankReference.Cases)
        {
            RankReference.Near(one.Expected.GetProperty("shift").GetDouble(), HodgesLehmann.Shift(one.Canary, one.Stable), 0, one.Id);
            foreach (var interval in one.Expected.GetProperty("interval").EnumerateObject())
            {
                var shift = HodgesLehmann.Estimate(one.Canary, one.Stable, double.Parse(interval.Name, CultureInfo.InvariantCulture))!.Value;
                Assert.Equal(interval.Value[0].GetString(), shift.Basis.ToString(), ignoreCase: true);
                bases.Add(shift.Basis);
                if (shift.Basis == IntervalBasis.Unattainable)
                {
                    Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), (shift.Low, shift.High));
                    continue;
                }

                // R finds the ends by a root finder that stops next to them; the exact ones it reads from the sorted differences.
                var scale = one.Canary.Concat(one.Stable).Max(Math.Abs) * (shift.Basis == IntervalBasis.Exact ? 0 : 1e-10);
                Assert.True(Math.Abs(interval.Value[1].GetDouble() - shift.Low) <= scale, $"{one.Id} {interval.Name}: low {interval.Value[1]} {shift.Low:R}");
                Assert.True(Math.Abs(interval.Value[2].GetDouble() - shift.High) <= scale, $"{one.Id} {interval.Name}: high {interval.Value[2]} {shift.High:R}");
            }
        }

        Assert.Equal(3, bases.Count);
    }

    [Fact]
    public void Estimate_LevelReachedExactly_IsBounded()
    {
        // 2/C(6, 3) is 0.1: three against three reach 90 % when they are wholly apart, and not a hair more.
        double[] x = [1, 2, 3], y = [11, 12.5, 14];
        Assert.Equal(new ShiftEstimate(-10.5, -13, -8, 0.9, IntervalBasis.Exact), HodgesLehmann.Estimate(x, y, 0.9));
        Assert.Equal(IntervalBasis.Unattainable, HodgesLehmann.Estimate(x, y, 0.90001)!.Value.Basis);
        Assert.Equal(IntervalBasis.Unattainable, HodgesLehmann.Estimate([1], [2], 0.5)!.Value.Basis);
    }

    [Fact]
    public void Estimate_Constants_HasNoWidth()
    {
        double[] twos = [2, 2, 2, 2, 2], ones = [1, 1, 1, 1, 1, 1];
        Assert.Equal(new ShiftEstimate(1, 1, 1, 0.95, IntervalBasis.Normal), HodgesLehmann.Estimate(twos, ones));
        Assert.Equal(new ShiftEstimate(0, 0, 0, 0.95, IntervalBasis.Normal), HodgesLehmann.Estimate(twos, twos));
    }

    [Fact]
    public void Shift_BothZeros_IsPlainZero() => Assert.Equal("0", HodgesLehmann.Shift([-0.0, -0.0], [0.0, 0.0, 0.0]).ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void Shift_NoDifferences_IsNotANumber()
    {
        Assert.Equal(double.NaN, HodgesLehmann.Shift([], [1]));
        Assert.Equal(double.NaN, HodgesLehmann.Shift([double.NaN], [1]));
        Assert.Equal(double.NaN, HodgesLehmann.Shift([1, double.PositiveInfinity], [2, double.PositiveInfinity]));
        Assert.Equal(double.NaN, HodgesLehmann.Shift([double.NegativeInfinity, 1], [double.NegativeInfinity, 5]));
        Assert.Equal(double.NaN, HodgesLehmann.Shift(Infinite, [1]));
        Assert.Null(HodgesLehmann.Estimate(Infinite, [1]));
        Assert.Null(HodgesLehmann.Estimate([], [1]));
    }

    [Fact]
    public void Shift_InfinityOnOneSide_IsAnOutermostDifference()
    {
        Assert.Equal(1, HodgesLehmann.Shift([2, 2, double.PositiveInfinity], [1, 1, 1]));
        Assert.Equal(double.PositiveInfinity, HodgesLehmann.Shift([2, double.PositiveInfinity, double.PositiveInfinity], [1, 1, 1]));
        double[] mostlyInfinite = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? i : double.PositiveInfinity)];
        Assert.Equal(double.PositiveInfinity, HodgesLehmann.Shift(mostlyInfinite, [.. Enumerable.Range(0, 200).Select(i => (double)i)]));
        Assert.Equal(double.NegativeInfinity, HodgesLehmann.Shift([.. Enumerable.Range(0, 200).Select(i => (double)i)], mostlyInfinite));
    }

    [Fact]
    public void Shift_HugeValues_DoesNotOverflowInTheMean() => Assert.Equal(1.5e308, HodgesLehmann.Shift([1.4e308, 1.6e308], [0.0]), 1e293);

    [Fact]
    public void Estimate_HundredThousandEach_IsTheKnownShift()
    {
        double[] x = [.. Enumerable.Range(0, 100_000).Select(i => (i * 7919L % 100_003) + 0.25)], y = [.. Enumerable.Range(0, 100_000).Select(i => (double)(i * 7919L % 100_003))];
        var shift = HodgesLehmann.Estimate(x, y)!.Value;
        Assert.Equal(0.25, shift.Value);
        Assert.Equal(0.5, shift.Low + shift.High);
        Assert.InRange(shift.Low, -300, -200);
    }

    [Fact]
    public void Estimate_ConfidenceOutsideItsRange_IsTheCallersError() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HodgesLehmann.Estimate([1], [2], 1));

    private static double[] AllDifferences(double[] x, double[] y)
    {
        double[] all = [.. from a in x from b in y select a - b];
        Array.Sort(all);
        return all;
    }
}
