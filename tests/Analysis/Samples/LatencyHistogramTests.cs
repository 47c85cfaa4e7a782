using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Tests.Samples;

public sealed class LatencyHistogramTests
{
    private static readonly Gen<LatencyHistogram> Any =
        Gen.Select(Gen.Int[0, LatencyBuckets.Overflow], Gen.Long[0, 1000]).Array[0, 40].Select(filled =>
            new LatencyHistogram(filled.DistinctBy(pair => pair.Item1).ToImmutableSortedDictionary(pair => pair.Item1, pair => pair.Item2)));

    [Fact]
    public void Histogram_AnyCounts_CountsAboveAndQuantilesAgreeWithTheList() =>
        Gen.Select(Any, Gen.Double[0, 1], Gen.Int[-1, LatencyBuckets.Count]).Sample((histogram, share, bucket) =>
        {
            var all = histogram.Counts.SelectMany(pair => Enumerable.Repeat(pair.Key, (int)pair.Value)).ToArray();
            Assert.Equal(all.Length, histogram.Total);
            Assert.Equal(all.Count(one => one > bucket), histogram.CountAbove(bucket));
            if (all.Length == 0)
                Assert.Null(histogram.Quantile(share));
            else
                Assert.Equal(LatencyBuckets.UpperEdgeSeconds(all[Math.Clamp((int)Math.Ceiling(share * all.Length), 1, all.Length) - 1]), histogram.Quantile(share));
        }, iter: 300);

    [Fact]
    public void Merge_AnyHistograms_AddsBucketByBucketInAnyOrder() =>
        Gen.Select(Any, Any, Any).Sample((a, b, c) =>
        {
            Assert.Equal(a.Merge(b).Merge(c), c.Merge(a.Merge(b)));
            Assert.Equal(a.Total + b.Total, a.Merge(b).Total);
            for (var bucket = 0; bucket < LatencyBuckets.Count; bucket++)
                Assert.Equal(a.Counts.GetValueOrDefault(bucket) + b.Counts.GetValueOrDefault(bucket), a.Merge(b).Counts.GetValueOrDefault(bucket));
        }, iter: 50);

    [Fact]
    public void Json_AnyHistogram_ComesBackEqual() =>
        Any.Sample(histogram => Assert.Equal(histogram, JsonSerializer.Deserialize<LatencyHistogram>(JsonSerializer.Serialize(histogram))), iter: 100);

    [Fact]
    public void Json_Histogram_IsAnObjectOfCountsByBucket() =>
        Assert.Equal("""{"7":3,"303":1}""", JsonSerializer.Serialize(new LatencyHistogram(ImmutableSortedDictionary<int, long>.Empty.Add(303, 1).Add(7, 3).Add(9, 0))));

    [Theory]
    [InlineData("""{"304":1}""")]
    [InlineData("""{"-1":1}""")]
    [InlineData("""{"x":1}""")]
    [InlineData("""{"1":-1}""")]
    [InlineData("""{"1":1.5}""")]
    [InlineData("""{"1":"1"}""")]
    [InlineData("[1]")]
    public void Json_NotAHistogram_IsRefused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<LatencyHistogram>(json));

    [Fact]
    public void Histogram_WrongCounts_AreRefused()
    {
        var none = ImmutableSortedDictionary<int, long>.Empty;
        Assert.Throws<ArgumentException>(() => new LatencyHistogram(none.Add(LatencyBuckets.Count, 1)));
        Assert.Throws<ArgumentException>(() => new LatencyHistogram(none.Add(0, -1)));
        Assert.Throws<ArgumentException>(() => new LatencyHistogram(none.Add(0, long.MaxValue).Add(1, 1)));
        Assert.Throws<ArgumentException>(() => LatencyHistogram.FromCounts(new long[LatencyBuckets.Count + 1]));
        Assert.Throws<ArgumentException>(() => LatencyHistogram.FromCounts([1, -1]));
    }

    [Fact]
    public void IndexOf_EveryEdgeAndItsNeighbours_IsConsistentWithInclusiveEdges()
    {
        for (var bucket = 0; bucket <= LatencyBuckets.LastFinite; bucket++)
        {
            var edge = LatencyBuckets.UpperEdgeSeconds(bucket);
            Assert.Equal(bucket, LatencyBuckets.IndexOf(edge));
            Assert.Equal(bucket, LatencyBuckets.IndexOf(Math.BitDecrement(edge)));
            Assert.Equal(bucket + 1, LatencyBuckets.IndexOf(Math.BitIncrement(edge)));
        }

        Assert.Equal(0, LatencyBuckets.IndexOf(0));
        Assert.Equal(LatencyBuckets.Overflow, LatencyBuckets.IndexOf(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => LatencyBuckets.IndexOf(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LatencyBuckets.IndexOf(double.NaN));
    }

    [Fact]
    public void EstimateQuantile_OfAnyLatencies_LiesInItsBucketWithTheTrueOne() =>
        Gen.Select(Gen.Double[0.0001, 100].Array[1, 50], Gen.Double[0, 1]).Sample((seconds, share) =>
        {
            var estimate = Of(seconds).EstimateQuantile(share)!.Value;
            var truth = seconds.Order().ElementAt(Math.Clamp((int)Math.Ceiling(share * seconds.Length), 1, seconds.Length) - 1);
            return estimate.Low < truth && truth <= estimate.High && estimate.Low <= estimate.Value && estimate.Value <= estimate.High;
        });

    [Fact]
    public void EstimateQuantile_WithConfidence_HoldsTheTrueOneAsOftenAsItSays()
    {
        // 95 % of 400 samples of 200 uniform latencies: fewer than 360 has probability below 1e-4.
        var random = new Random(7);
        var held = 0;
        for (var sample = 0; sample < 400; sample++)
        {
            var estimate = Of([.. Enumerable.Range(0, 200).Select(_ => 0.1 + random.NextDouble())]).EstimateQuantile(0.9, 0.95)!.Value;
            held += estimate.Low <= 1.0 && 1.0 <= estimate.High ? 1 : 0;
        }

        Assert.InRange(held, 360, 400);
    }

    [Fact]
    public void EstimateQuantile_InTheOverflowBucketOrWithoutRequests_SaysWhatIsKnown()
    {
        Assert.Null(LatencyHistogram.Empty.EstimateQuantile(0.5));
        Assert.Null(LatencyHistogram.Empty.EstimateQuantile(0.5, 0.95));
        var estimate = Of([500]).EstimateQuantile(0.5)!.Value;
        Assert.Equal(double.PositiveInfinity, estimate.High);
        Assert.InRange(estimate.Value, 120, 121);
        Assert.Throws<ArgumentOutOfRangeException>(() => Of([1]).EstimateQuantile(0.5, 1));
    }

    [Fact]
    public void Since_EarlierReading_IsWhatCameOrEverythingAfterAReset()
    {
        var (before, later) = (Of([0.1, 0.1, 5]), Of([0.1, 0.1, 0.2, 5]));
        Assert.Equal(Of([0.2]), later.Since(before));
        Assert.Equal(before, before.Since(later));
    }

    private static LatencyHistogram Of(double[] seconds)
    {
        var counts = new long[LatencyBuckets.Count];
        foreach (var value in seconds)
            counts[LatencyBuckets.IndexOf(value)]++;
        return LatencyHistogram.FromCounts(counts);
    }
}
