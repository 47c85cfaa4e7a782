using MeshCanary.Analysis.Samples.Prometheus;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Samples.Prometheus;

public sealed class ClassicHistogramTests
{
    private static readonly double[] Bounds = [5, 10, 25, 50, 100, 250, 500, 1000, double.PositiveInfinity];

    private static ClassicHistogram Of(params double[] cumulative) => new(Bounds.Zip(cumulative, KeyValuePair.Create));

    [Fact]
    [Covers("QT02-histogram-quantile")]
    public void Quantile_ReferenceCase_Agrees()
    {
        var reference = ReferenceCases.Get("QT02-histogram-quantile");
        var bounds = reference.Inputs.GetProperty("le").EnumerateArray().Select(le => le.ValueKind == System.Text.Json.JsonValueKind.String ? double.PositiveInfinity : le.GetDouble());
        var histogram = new ClassicHistogram(bounds.Zip(ReferenceCase.Numbers(reference.Inputs.GetProperty("cumulative")), KeyValuePair.Create));
        reference.Agrees("value", ReferenceCase.Numbers(reference.Inputs.GetProperty("q")).Select(q => histogram.Quantile(q)!.Value.Value));
    }

    // As Prometheus 2.45 answers histogram_quantile for the same buckets.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.01, 5)]
    [InlineData(0.04, 10)]
    [InlineData(1, 1000)]
    public void Quantile_AtTheEdges_IsPrometheus(double share, double expected) =>
        Assert.Equal(expected, Of(100, 400, 1500, 5000, 8000, 9600, 9880, 9960, 10000).Quantile(share)!.Value.Value, 1e-9);

    [Fact]
    public void Quantile_Limits_HoldTheTrueOne()
    {
        var estimate = Of(100, 400, 1500, 5000, 8000, 9600, 9880, 9960, 10000).Quantile(0.9)!.Value;
        Assert.Equal((100, 250), (estimate.Low, estimate.High));
        var sampled = Of(1, 4, 15, 50, 80, 96, 98, 99, 100).Quantile(0.8, 0.99)!.Value;
        Assert.Equal((50, 250), (sampled.Low, sampled.High));
        var overflow = Of(0, 0, 0, 0, 0, 0, 0, 0, 7).Quantile(0.5)!.Value;
        Assert.Equal((1000, 1000, double.PositiveInfinity), (overflow.Value, overflow.Low, overflow.High));
    }

    [Fact]
    public void Quantile_NothingToReadItFrom_IsNull()
    {
        Assert.Null(Of(0, 0, 0, 0, 0, 0, 0, 0, 0).Quantile(0.5));
        Assert.Null(new ClassicHistogram([KeyValuePair.Create(double.PositiveInfinity, 5.0)]).Quantile(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(0, 0, 0, 0, 0, 0, 0, 0, 1).Quantile(double.NaN));
    }

    [Fact]
    public void Since_OfTheSameProcess_IsWhatCame()
    {
        var since = Of(3, 5, 5, 5, 9, 9, 9, 9, 9).Since(Of(1, 2, 2, 2, 4, 4, 4, 4, 4));
        Assert.Equal([2, 3, 3, 3, 5, 5, 5, 5, 5], since.Cumulative);
        Assert.Equal(2, since.CountAbove(50));
        Assert.Null(since.CountAbove(60));
    }

    [Fact]
    public void Since_ARestart_IsAllThatTheNewProcessShows()
    {
        // One bucket fell although the total rose: the whole of it was reset.
        var since = Of(1, 9, 9, 9, 9, 9, 9, 9, 9).Since(Of(2, 2, 2, 2, 4, 4, 4, 4, 4));
        Assert.Equal(9, since.Total);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void Constructor_NotACount_IsRefused(double count) =>
        Assert.Throws<ArgumentException>(() => Of(count, 400, 1500, 5000, 8000, 9600, 9880, 9960, 10000));

    [Fact]
    public void Constructor_BucketsThatCannotBe_AreRefusedWithTheReason()
    {
        Assert.Contains("+Inf", Assert.Throws<ArgumentException>(() => new ClassicHistogram([KeyValuePair.Create(1.0, 1.0)])).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => new ClassicHistogram([KeyValuePair.Create(1.0, 1.0), KeyValuePair.Create(1.0, 1.0), KeyValuePair.Create(double.PositiveInfinity, 1.0)])).Message, StringComparison.Ordinal);
        Assert.Contains("cumulative", Assert.Throws<ArgumentException>(() => Of(5, 4, 5, 5, 5, 5, 5, 5, 5)).Message, StringComparison.Ordinal);
        Assert.Contains("differ", Assert.Throws<ArgumentException>(() => Of(1, 1, 1, 1, 1, 1, 1, 1, 1).Merge(new ClassicHistogram([KeyValuePair.Create(double.PositiveInfinity, 1.0)]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToLatency_CountsAboveABound_AreExact()
    {
        var classic = Of(100, 400, 1500, 5000, 8000, 9600, 9880, 9960, 10000);
        var ours = classic.ToLatency(0.001);
        Assert.Equal(10000, ours.Total);
        foreach (var bound in Bounds.SkipLast(1))
            Assert.Equal(classic.CountAbove(bound), ours.CountAbove(ForeignLayout.BucketOf(bound * 0.001)));
    }

    [Fact]
    public void CounterDelta_ResetsAndHoles_AreToldApart()
    {
        Assert.Equal(3, CounterDelta.Of(4, 7));
        Assert.Equal(2, CounterDelta.Of(4, 2));
        Assert.Null(CounterDelta.Of(double.NaN, 2));
        Assert.Null(CounterDelta.Of(1, double.NaN));
        Assert.Null(CounterDelta.Of(-1, 2));
    }
}
