using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Drift;
using MeshCanary.Analysis.Numerics;
using MeshCanary.Analysis.Tests.Reference;
using MathNet.Numerics.LinearAlgebra;

namespace MeshCanary.Analysis.Tests.Hypotheses.Drift;

public sealed class DriftTests
{
    private static readonly TestOptions Climbing = new() { Alternative = Alternative.Greater };

    [Fact]
    public void CusumRunLength_PublishedCases_Agree()
    {
        Assert.Equal(930.9, CusumRunLength.Average(0.5, 5, 0), 0.05);
        Assert.Equal(10.38, CusumRunLength.Average(0.5, 5, 1), 0.005);
        foreach (var one in OwnCases.Read("Sequential", "sequential.json", "run_length").Select(ReferenceCase.Numbers))
            OwnCases.Near(one[3], CusumRunLength.Average(one[0], one[1], one[2]), 1e-6, $"k {one[0]}, h {one[1]}, shift {one[2]}");
    }

    /// <summary>Brook and Evans 1972: the chain whose states are small steps of S.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0.3)]
    public void CusumRunLength_MarkovChain_Agrees(double shift)
    {
        const int States = 250;
        var step = 2 * 5.0 / ((2 * States) - 1);
        var stay = Matrix<double>.Build.Dense(States, States, (i, j) =>
        {
            var upTo = NormalTail.Lower((j * step) + (step / 2) - (i * step) + 0.5 - shift);
            var chance = j == 0 ? upTo : upTo - NormalTail.Lower((j * step) - (step / 2) - (i * step) + 0.5 - shift);
            return (i == j ? 1 : 0) - chance;
        });
        var chain = stay.Solve(Vector<double>.Build.Dense(States, 1))[0];
        OwnCases.Near(chain, CusumRunLength.Average(0.5, 5, shift), 1e-3, "average run length");
    }

    [Fact]
    public void CusumRunLength_TooLongOrOutOfRange_IsInfiniteOrRefused()
    {
        Assert.Equal(double.PositiveInfinity, CusumRunLength.Average(0.5, 40, 0));
        Assert.Equal(double.PositiveInfinity, CusumRunLength.Average(0.5, 5, -20));
        Assert.Equal(1, CusumRunLength.Average(0.5, 5, 100), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumRunLength.Average(-1, 5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumRunLength.Average(0.5, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CusumRunLength.Average(0.5, 5, double.NaN));
    }

    [Fact]
    public void GaugeCusum_ShiftAndReturn_HoldsAndLetsGo()
    {
        var cusum = new GaugeCusum(2);
        for (var minute = 0; minute < 3; minute++)
            Assert.True(cusum.Observe(4));
        Assert.Equal(4.5, cusum.Sum, 1e-12);
        Assert.False(cusum.IsHolding);
        Assert.True(cusum.Observe(3));
        Assert.True(cusum.IsHolding);
        var again = new GaugeCusum(2);
        again.Restore(cusum.Save());
        Assert.Equal(cusum.Sum, again.Sum);
        Assert.False(cusum.Observe(double.NaN));
        Assert.False(cusum.Observe(double.NegativeInfinity));
        Assert.True(cusum.IsHolding);
        Assert.True(cusum.Observe(-100));
        Assert.Equal(0, cusum.Sum);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaugeCusum(0));
        Assert.Throws<ArgumentException>(() => cusum.Restore(new GaugeCusumState(double.NaN)));
    }

    /// <summary>Three points leave one degree of freedom: R's <c>lm</c> and <c>qt</c>, slope 1/2, error √3/6.</summary>
    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.999999, 636619.77236706135)]
    [InlineData(0.95, 12.706204736174694)]
    public void LeakTest_ThreePoints_BoundsTheSlopeAtAnyConfidence(double confidence, double quantile)
    {
        var result = LeakTest.Test([0, 1, 2], [0, 1, 1], TestOptions.Default with { Confidence = confidence });
        Assert.Equal(0.3333333333333333, result.PValue!.Value, 1e-14);
        OwnCases.Near(0.5 + (quantile * Math.Sqrt(3) / 6), result.Effect!.High, 1e-9, "upper end");
        OwnCases.Near(0.5 - (quantile * Math.Sqrt(3) / 6), result.Effect.Low, 1e-9, "lower end");
    }

    [Fact]
    public void LeakTest_RandomSeries_AgreesWithScipy()
    {
        foreach (var one in OwnCases.Read("Sequential", "sequential.json", "linear"))
        {
            var (times, values) = (ReferenceCase.Numbers(one[0]), ReferenceCase.Numbers(one[1]));
            var both = LeakTest.Test(times, values, TestOptions.Default);
            var p = one[3].GetDouble();
            OwnCases.Near(one[2].GetDouble(), both.Statistic!.Value, 1e-7, "t");
            OwnCases.Near(p, both.PValue!.Value, 1e-7, "p");
            OwnCases.Near(one[4].GetDouble(), both.Effect!.Value, 1e-7, "slope");
            OwnCases.Near(one[5].GetDouble(), both.Effect.Low, 1e-6, "low", 1e-9);
            OwnCases.Near(one[6].GetDouble(), both.Effect.High, 1e-6, "high", 1e-9);
            var up = LeakTest.Test(times, values, Climbing).PValue!.Value;
            OwnCases.Near(one[2].GetDouble() > 0 ? p / 2 : 1 - (p / 2), up, 1e-7, "one-sided p");
        }
    }

    [Fact]
    public void TheilSen_RandomSeries_AgreesWithScipy()
    {
        foreach (var one in OwnCases.Read("Sequential", "sequential.json", "theil_sen"))
        {
            var (times, values) = (ReferenceCase.Numbers(one[0]), ReferenceCase.Numbers(one[1]));
            var estimate = TheilSenSlope.Estimate(times, values, one[2].GetDouble())!;
            OwnCases.Near(one[3].GetDouble(), estimate.Value, 1e-9, "slope");

            // Where the slopes do not reach far enough, scipy gives the outermost one and we give no bound.
            if (double.IsFinite(estimate.Low))
                OwnCases.Near(one[4].GetDouble(), estimate.Low, 1e-9, "low");
            if (double.IsFinite(estimate.High))
                OwnCases.Near(one[5].GetDouble(), estimate.High, 1e-9, "high");
        }
    }

    [Fact]
    public void LeakTest_DataThatDoNotAllowIt_SayWhy()
    {
        double[] minutes = [0, 1, 2, 3];
        Assert.Contains("three points", LeakTest.Test([0, 1], [1, 2], Climbing).Problem);
        Assert.Contains("4 times", LeakTest.Test(minutes, [1], Climbing).Problem);
        Assert.Contains("difference is NaN", LeakTest.Test(minutes, [1, double.NaN, 2, 3], Climbing).Problem);
        Assert.Contains("time is NaN", LeakTest.Test([0, 1, double.PositiveInfinity], [1, 2, 3], Climbing).Problem);
        Assert.Contains("one time", LeakTest.Test([1, 1, 1], [1, 2, 3], Climbing).Problem);
        Assert.Contains("constant", LeakTest.Test(minutes, [5, 5, 5, 5], Climbing).Problem);
        Assert.Contains("too large", LeakTest.Test(minutes, [1e200, 0, 1e200, 0], Climbing).Problem);
        Assert.Null(LeakTest.Test([], [], Climbing).PValue);
        var exact = LeakTest.Test(minutes, [1, 3, 5, 7], Climbing);
        Assert.Equal((0.0, 2.0), (exact.PValue!.Value, Math.Round(exact.Effect!.Value, 12)));
        Assert.Null(TheilSenSlope.Estimate([1, 1], [1, 2]));
        Assert.Null(TheilSenSlope.Estimate([1, 2], [1, double.NaN]));
        Assert.Null(TheilSenSlope.Estimate([], []));
        Assert.Equal(double.NegativeInfinity, TheilSenSlope.Estimate([0, 1, 2], [0, 1, 3])!.Low);
    }

    [Fact]
    public void LeakTest_NoLeak_RejectsAtItsLevel()
    {
        var random = new Random(20260401);
        var (rejected, runs) = (0, 4000);
        var minutes = Enumerable.Range(0, 30).Select(minute => (double)minute).ToArray();
        var values = new double[30];
        for (var run = 0; run < runs; run++)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = MathNet.Numerics.Distributions.Normal.Sample(random, 0, 3);
            if (LeakTest.Test(minutes, values, Climbing).PValue <= 0.05)
                rejected++;
        }

        // Exact level 5 %: five standard errors are 1.7 points, missed with probability below 1e-6.
        Assert.InRange((double)rejected / runs, 0.05 - 0.0173, 0.05 + 0.0173);
    }
}
