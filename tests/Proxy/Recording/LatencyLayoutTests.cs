using CsCheck;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Tests.Recording;

public sealed class LatencyLayoutTests
{
    [Fact]
    public void BucketOf_AnyLatency_IsTheFirstBucketThatHoldsIt() =>
        Gen.OneOf(Gen.Double[0, 0.01], Gen.Double[0, 1], Gen.Double[0, 200], Gen.Double[-1, 1e9])
            .Sample(seconds => Assert.Equal(Defined(seconds), LatencyLayout.BucketOf(seconds)), iter: 20_000);

    [Fact]
    public void BucketOf_EveryEdgeAndItsNeighbours_TakesTheEdgeAsInclusive()
    {
        for (var bucket = 0; bucket <= LatencyLayout.LastFinite; bucket++)
        {
            var edge = LatencyLayout.UpperEdgeSeconds(bucket);
            Assert.Equal(bucket, LatencyLayout.BucketOf(edge));
            Assert.Equal(bucket + 1, LatencyLayout.BucketOf(Math.BitIncrement(edge)));
            Assert.Equal(bucket, LatencyLayout.BucketOf(Math.BitDecrement(edge)));
        }
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, LatencyLayout.Overflow)]
    [InlineData(double.NegativeInfinity, 0)]
    public void BucketOf_NoNumber_IsStillABucket(double seconds, int bucket) => Assert.Equal(bucket, LatencyLayout.BucketOf(seconds));

    private static int Defined(double seconds)
    {
        for (var bucket = 0; bucket <= LatencyLayout.LastFinite; bucket++)
        {
            if (seconds <= 0.00025 * Math.Pow(2, bucket / 16.0))
                return bucket;
        }

        return LatencyLayout.Overflow;
    }
}
