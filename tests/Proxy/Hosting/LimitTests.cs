using System.Net;
using System.Net.WebSockets;
using System.Net.Sockets;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Proxy.Tests.Hosting;

public sealed class LimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2000, 1, 10, "414")]
    [InlineData(10, 1, 3000, "431")]
    [InlineData(10, 30, 10, "431")]
    [InlineData(10, 1, 10, "200")]
    public async Task Head_BeyondALimit_IsRefusedAsSuch(int line, int headers, int value, string status)
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend, new ProxyLimits { RequestLine = 1024, RequestHeaders = 2048, RequestHeaderCount = 20 });
        var fields = string.Concat(Enumerable.Range(0, headers).Select(i => $"x-{i}: {new string('v', value)}\r\n"));

        var answer = await RawClient.SendAsync(proxy, $"GET /{new string('a', line)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}\r\n", Cancellation);

        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        Assert.Equal(status == "200" ? 1 : 0, backend.Received);
    }

    [Fact]
    public async Task Head_LimitIsChanged_HoldsForNewConnections()
    {
        var head = $"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-long: {new string('v', 3000)}\r\n\r\n";
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        var options = TestProxy.Options(new Uri("http://127.0.0.1:1"));
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), it => options = it);
        Assert.StartsWith("HTTP/1.1 200", await RawClient.SendAsync(proxy, head, Cancellation), StringComparison.Ordinal);

        Assert.Empty(await proxy.Server.ChangeAsync(options with { Limits = new ProxyLimits { RequestHeaders = 2048 } }, Cancellation));

        Assert.StartsWith("HTTP/1.1 431", await RawClient.SendAsync(proxy, head, Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Body_BeyondTheLimit_IsRefusedAsSuch(string version)
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend, new ProxyLimits { RequestBody = 100 });
        using var client = proxy.NewClient(Version.Parse(version));
        using var body = new ByteArrayContent(new byte[101]);

        using var answer = await client.PostAsync("/", body, Cancellation);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Connections_BeyondTheLimit_AreClosed()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await StartAsync(backend, new ProxyLimits { Connections = 1 });
        await proxy.Client.GetStringAsync("/", Cancellation);

        using var second = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await second.ConnectAsync(proxy.Server.Listen, Cancellation);

        Assert.Equal(0, await second.ReceiveAsync(new byte[1], Cancellation));
        Assert.Equal("ok", await proxy.Client.GetStringAsync("/", Cancellation));
    }

    [Fact]
    public async Task Tunnels_BeyondTheLimit_AreRefused()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = HoldSocket }, Cancellation);
        await using var proxy = await StartAsync(backend, new ProxyLimits { Tunnels = 1 });
        using var first = new ClientWebSocket();
        await first.ConnectAsync(new Uri($"ws://{proxy.Server.Listen}/"), Cancellation);

        using var second = new ClientWebSocket();
        second.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => second.ConnectAsync(new Uri($"ws://{proxy.Server.Listen}/"), Cancellation));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.HttpStatusCode);
        first.Abort();
    }

    private static async Task HoldSocket(Microsoft.AspNetCore.Http.HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await BackendAnswers.Hang(context);
    }

    private static Task<TestProxy> StartAsync(TestBackend backend, ProxyLimits limits) => TestProxy.StartAsync(
        Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), options => options with { Limits = limits });
}
