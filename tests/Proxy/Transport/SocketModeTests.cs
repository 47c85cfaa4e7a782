using System.Net.Sockets;
using System.Text;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Proxy.Tests.Transport;

public sealed class SocketModeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SocketMode.Auto)]
    [InlineData(SocketMode.Runtime)]
    public async Task Requests_ByEitherKindOfSocket_AreServedInTheSameWay(SocketMode sockets)
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions(), Cancellation);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), options => options with { Sockets = sockets });

        using var client = new TcpClient();
        await client.ConnectAsync(proxy.Server.Listen, Cancellation);
        var stream = client.GetStream();
        // Two at once on one connection, the second one its last.
        await stream.WriteAsync("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"u8.ToArray(), Cancellation);
        var answers = await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync(Cancellation);
        Assert.Equal(3, answers.Split("HTTP/1.1 200 OK\r\n").Length);

        var many = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => proxy.Client.GetByteArrayAsync("/", Cancellation)));
        Assert.All(many, answer => Assert.NotEmpty(answer));
        Assert.Equal(102, backend.Received);
    }
}
