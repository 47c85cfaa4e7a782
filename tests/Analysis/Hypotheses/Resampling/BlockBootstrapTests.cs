using MeshCanary.Analysis.Hypotheses.Resampling;

namespace MeshCanary.Analysis.Tests.Hypotheses.Resampling;

public sealed class BlockBootstrapTests
{
    private static readonly Func<IReadOnlyList<double>, double> Mean = series => series.Average();

    [Theory]
    [InlineData(BootstrapScheme.MovingBlock)]
    [InlineData(BootstrapScheme.Stationary)]
    public void Interval_IndependentSeries_IsTheNormalOne(BootstrapScheme scheme)
    {
        // 400 values: ±1.96 standard errors, within what 2,000 replicates and the edges of blocks blur.
        var series = Series(400, 0);
        var interval = BlockBootstrap.Interval(series, Mean, new BootstrapOptions { Scheme = scheme, BlockLength = 3 })!;
        var error = Math.Sqrt(series.Select(value => (value - series.Average()) * (value - series.Average())).Sum() / 399 / 400);
        Assert.Equal(series.Average(), interval.Value, 1e-12);
        Assert.InRange((interval.High - interval.Low) / (2 * 1.96 * error), 0.85, 1.15);
    }

    [Theory]
    [InlineData(BootstrapScheme.MovingBlock)]
    [InlineData(BootstrapScheme.Stationary)]
    public void Interval_DependentSeries_IsWiderWithBlocksThanWithout(BootstrapScheme scheme)
    {
        // AR(1) 0.8: the mean's error is three times that of an independent series.
        var series = Series(2000, 0.8);
        double Width(int block) => BlockBootstrap.Interval(series, Mean, new BootstrapOptions { Scheme = scheme, BlockLength = block }) is { } found ? found.High - found.Low : 0;
        Assert.InRange(Width(40) / Width(1), 2.2, 3.6);
    }

    [Fact]
    public void Interval_SameSeed_IsTheSame()
    {
        var series = Series(50, 0);
        Assert.Equal(BlockBootstrap.Interval(series, Mean, new BootstrapOptions { Seed = 3 }), BlockBootstrap.Interval(series, Mean, new BootstrapOptions { Seed = 3 }));
        Assert.NotEqual(BlockBootstrap.Interval(series, Mean, new BootstrapOptions { Seed = 3 }), BlockBootstrap.Interval(series, Mean, new BootstrapOptions { Seed = 4 }));
    }

    [Fact]
    public void Interval_Pairs_KeepTogether()
    {
        var pairs = Series(60, 0).Select(value => (Canary: value + 1, Stable: value)).ToArray();
        var interval = BlockBootstrap.Interval(pairs, drawn => drawn.Average(pair => pair.Canary) - drawn.Average(pair => pair.Stable), new BootstrapOptions())!;
        Assert.Equal((1, 1, 1), (Math.Round(interval.Value, 9), Math.Round(interval.Low, 9), Math.Round(interval.High, 9)));
    }

    [Fact]
    public void Interval_NothingToResample_IsUndefined()
    {
        Assert.Null(BlockBootstrap.Interval([], Mean, new BootstrapOptions()));
        Assert.Null(BlockBootstrap.Interval([1.0], Mean, new BootstrapOptions()));
        Assert.Null(BlockBootstrap.Interval([1.0, double.NaN, 2], Mean, new BootstrapOptions()));
        Assert.Null(BlockBootstrap.Interval([1.0, double.PositiveInfinity, 2], Mean, new BootstrapOptions()));
    }

    [Fact]
    public void Interval_OptionsOutsideTheirRange_AreRefused()
    {
        foreach (var options in new[] { new BootstrapOptions { BlockLength = 0 }, new BootstrapOptions { Replicates = 99 }, new BootstrapOptions { Confidence = double.NaN } })
            Assert.Throws<ArgumentOutOfRangeException>(() => BlockBootstrap.Interval([1.0, 2], Mean, options));
    }

    private static double[] Series(int count, double correlation)
    {
        var random = new Random(5);
        var series = new double[count];
        var last = 0.0;
        for (var i = 0; i < count; i++)
            series[i] = last = (correlation * last) + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return series;
    }
}
