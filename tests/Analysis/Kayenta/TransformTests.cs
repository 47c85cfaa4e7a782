using MeshCanary.Analysis.Kayenta;
using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Tests.Kayenta;

public sealed class TransformTests
{
    private const double NaN = double.NaN;

    [Fact]
    public void RemoveMissing_SomeOrAll_LeavesTheNumbers()
    {
        Assert.Equal([0.0, 1, 1, 0], KayentaTransforms.RemoveMissing([0, 1, NaN, 1, 0]));
        Assert.Empty(KayentaTransforms.RemoveMissing([NaN, NaN, NaN]));
    }

    [Fact]
    public void ReplaceMissing_Gaps_AreZeros() =>
        Assert.Equal([0, 10.1, 20.2, 30.3, 0, 40.4], KayentaTransforms.ReplaceMissing([NaN, 10.1, 20.2, 30.3, NaN, 40.4]));

    [Theory]
    [InlineData(new double[] { 21, 23, 24, 25, 50, 29, 23, 21 }, new double[] { 21, 23, 24, 25, 29, 23, 21 })]
    [InlineData(new double[] { 1, 1, 1, 5, -1, -1, -1, -5 }, new double[] { 1, 1, 1, -1, -1, -1 })]
    [InlineData(new double[] { }, new double[] { })]
    public void RemoveOutliers_KayentasOwnSuite_Agrees(double[] values, double[] kept) =>
        Assert.Equal(kept, KayentaTransforms.RemoveOutliers(values, 1.5, reducesSensitivity: false));

    [Fact]
    public void RemoveOutliers_NistData_RemovesTheLastOnly()
    {
        var values = KayentaReference.Sample("nist");
        Assert.Equal(values[..^1], KayentaTransforms.RemoveOutliers(values, 1.5, reducesSensitivity: false));
    }

    [Fact]
    public void RemoveOutliers_AsTheJudgeHasIt_FencesReachThePercentiles()
    {
        // The 99th percentile of 101 values is the second largest: one value of each tail can go, however far out the others are.
        var values = Enumerable.Repeat(10.0, 97).Concat([-50, 40, 60, 1000]).ToArray();
        Assert.Equal(values.Except([1000, -50]).Order(), KayentaTransforms.RemoveOutliers(values, 3).Distinct().Order());
    }

    [Fact]
    public void Statistics_KayentasOwnSuite_Agrees()
    {
        Assert.Equal(new KayentaStatistics(4, 4, 4, 0, 1), KayentaStatistics.Of([4.0]));
        Assert.Equal(new KayentaStatistics(0, 0, 0, 0, 0), KayentaStatistics.Of([]));
        var six = KayentaStatistics.Of([1.0, 1, 1, 10, 10, 10]);
        Assert.Equal((1.0, 10.0, 5.5, 6), (six.Minimum, six.Maximum, six.Mean, six.Count));
        Assert.Equal(4.9295, six.StandardDeviation, 1e-4);
        var shares = KayentaReference.Sample("latencyShares").Order().ToArray();
        Assert.Equal(0, SampleQuantile.R7(shares, 0.25));
        Assert.Equal(0.0416, SampleQuantile.R7(shares, 0.75), 1e-4);
    }

    [Theory]
    [InlineData(1.0, 1.0, 1.0)]
    [InlineData(1.0, 10.0, 10.0)]
    [InlineData(100.0, 10.0, 0.1)]
    [InlineData(0.0, 10.0, NaN)]
    [InlineData(10.0, 0.0, NaN)]
    public void MeanRatio_KayentasOwnSuite_Agrees(double control, double experiment, double ratio) =>
        Assert.Equal(ratio, EffectSizes.MeanRatio([control, control, control], [experiment, experiment, experiment]));

    [Fact]
    public void AddNoise_Values_AreSpreadByAHundredThousandthAndRepeatable()
    {
        var values = Enumerable.Repeat(50.0, 2000).ToArray();
        ulong state = 7, again = 7;
        var noisy = KayentaTransforms.AddNoise(values, ref state);
        Assert.Equal(noisy, KayentaTransforms.AddNoise(values, ref again));
        Assert.NotEqual(noisy, KayentaTransforms.AddNoise(values, ref again));
        var statistics = KayentaStatistics.Of(noisy);
        Assert.Equal(50, statistics.Mean, 5e-5);
        Assert.InRange(statistics.StandardDeviation, 4.7e-4, 5.3e-4);
        Assert.All(KayentaTransforms.AddNoise([0, 0], ref state), value => Assert.Equal(0, value));
    }
}
