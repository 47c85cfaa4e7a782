using CsCheck;
using MeshCanary.Proxy.Routing;
using Microsoft.Extensions.Primitives;

namespace MeshCanary.Proxy.Tests.Routing;

public sealed class CookieScanTests
{
    [Theory]
    [InlineData("a=1", "a", "1")]
    [InlineData("a=1; b=2", "b", "2")]
    [InlineData("ab=1;b=2", "b", "2")]
    [InlineData("b; b=2", "b", "2")]
    [InlineData("b=\"2\"", "b", "2")]
    [InlineData("b=x=y", "b", "x=y")]
    [InlineData("b=", "b", "")]
    [InlineData("B=2", "b", null)]
    [InlineData("", "b", null)]
    [InlineData(";;; =", "b", null)]
    public void Find_Header_GivesTheFirstValue(string header, string name, string? value) =>
        Assert.Equal(value, CookieScan.Find(header, name));

    [Fact]
    public void Find_SeveralHeaders_LooksAtAll() => Assert.Equal("2", CookieScan.Find(new StringValues(["a=1", "b=2"]), "b"));

    [Fact]
    public void Find_AnyText_NeverThrows() => Gen.String.Sample(header => CookieScan.Find(header, "name"));
}
