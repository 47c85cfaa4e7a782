using MeshCanary.Controller.Traffic.Meshes.GatewayApi;

namespace MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi;

public sealed class WeightSharesTests
{
    [Theory]
    [InlineData("s1", 0, "10000/0")]
    [InlineData("s1", 1, "9999/1")]
    [InlineData("s500", 1250, "8750/1250")]
    [InlineData("s0", 1250, "0/0")]
    [InlineData("s1 o1", 5000, "1/1 2/0")]
    [InlineData("s1 o1", 1, "9999/1 10000/0")]
    [InlineData("s90 o10", 1000, "81/9 10/0")]
    [InlineData("s1 s3", 1000, "9/1 27/3")]
    [InlineData("s1 o0", 1000, "9/1 0/0")]
    public void Of_Weights_AreSharedInTheSmallestNumbersThatSayTheSame(string backends, int canary, string expected)
    {
        var shares = Of(backends, canary);
        Assert.True(shares.IsFaithful);
        Assert.Equal(expected, string.Join(" ", shares.Shares.Select(share => $"{share.Kept}/{share.Canary}")));
    }

    [Theory]
    [InlineData("s333 o667", 1, true)]
    [InlineData("s999999 o1000000", 1234, true)]
    [InlineData("s1 o1000000", 1, false)]
    [InlineData("s1 o1000000", 5000, false)]
    [InlineData("s3 o997", 37, false)]
    public void Of_WeightsBeyondTheApi_KeepOthersInProportionAndSayWhatIsLost(string backends, int canary, bool isFaithful)
    {
        var shares = Of(backends, canary);
        Assert.Equal(isFaithful, shares.IsFaithful);
        Assert.All(shares.Shares, share => Assert.True(share is { Kept: >= 0 and <= WeightShares.Largest, Canary: >= 0 and <= WeightShares.Largest }));
        var given = backends.Split(' ').Select(one => long.Parse(one[1..], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(given[0] * (shares.Shares[1].Kept + shares.Shares[1].Canary), given[1] * (shares.Shares[0].Kept + shares.Shares[0].Canary));
    }

    private static WeightShares Of(string backends, int canary) => WeightShares.Of(
        [.. backends.Split(' ').Select(one => (long.Parse(one[1..], System.Globalization.CultureInfo.InvariantCulture), one[0] == 's'))], canary);
}
