using MeshCanary.Splitting.Weights;

namespace MeshCanary.Splitting.Tests.Weights;

public class BasisPointsTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Constructor_OutsideTheWhole_IsRefused(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BasisPoints(value));

    [Theory]
    [InlineData(0, "0%")]
    [InlineData(1, "0.01%")]
    [InlineData(1_250, "12.5%")]
    [InlineData(10_000, "100%")]
    public void ToString_Share_IsPercent(int value, string text) => Assert.Equal(text, new BasisPoints(value).ToString());
}
