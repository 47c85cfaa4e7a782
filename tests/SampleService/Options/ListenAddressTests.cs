using MeshCanary.SampleService.Options;

namespace MeshCanary.SampleService.Tests.Options;

public class ListenAddressTests
{
    [Theory]
    [InlineData("0", "127.0.0.1:0")]
    [InlineData("8080", "127.0.0.1:8080")]
    [InlineData("localhost:8080", "127.0.0.1:8080")]
    [InlineData("127.0.0.5:0", "127.0.0.5:0")]
    [InlineData("[::1]:80", "[::1]:80")]
    public void TryParse_Address_IsRead(string text, string expected)
    {
        Assert.True(ListenAddress.TryParse(text, out var address));
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:x")]
    [InlineData("example.com:80")]
    public void TryParse_Otherwise_IsRefused(string text) => Assert.False(ListenAddress.TryParse(text, out _));
}
