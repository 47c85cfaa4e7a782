using MeshCanary.Splitting.Weights;

namespace MeshCanary.Splitting.Tests.Weights;

/// <summary>
/// The points of known users, computed by a separate implementation of XXH64 from its specification. A failure here
/// means that an upgrade would move users between versions: mend the code, never the numbers.
/// </summary>
public class DrawPointGoldenTests
{
    [Theory]
    [InlineData("shop/checkout", "alice", 4360)]
    [InlineData("shop/checkout", "bob", 5681)]
    [InlineData("shop/checkout", "0", 3749)]
    [InlineData("shop/payment", "alice", 6295)]
    [InlineData("", "alice", 5966)]
    [InlineData("shop/checkout", "AAAAAAAAAAAAAAAAAAAAAA", 5042)]
    [InlineData("shop/checkout", "Zoë-用户-🚀", 5480)]
    [InlineData("shop/checkout", "\ufffd", 5665)]
    public void OfKey_KnownUser_NeverChanges(string salt, string key, int point) =>
        Assert.Equal(point, DrawPoint.OfKey(key, DrawPoint.SeedOf(salt)));

    [Fact]
    public void OfKey_KeyLongerThanTheStackBuffer_NeverChanges() =>
        Assert.Equal(8868, DrawPoint.OfKey(new string('x', 1_000), DrawPoint.SeedOf("shop/checkout")));

    [Fact]
    public void OfKey_LoneSurrogate_StandsForTheReplacementCharacter() =>
        Assert.Equal(5665, DrawPoint.OfKey("\ud83d", DrawPoint.SeedOf("shop/checkout")));

    [Theory]
    [InlineData(0ul, 0)]
    [InlineData(ulong.MaxValue, 9_999)]
    [InlineData(1ul << 63, 5_000)]
    [InlineData((1ul << 63) - 1, 4_999)]
    public void OfBits_Edge_MapsEvenly(ulong bits, int point) => Assert.Equal(point, DrawPoint.OfBits(bits));
}
