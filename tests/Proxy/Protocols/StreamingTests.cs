using System.Net;
using System.Net.WebSockets;
using System.Text;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Protocols;

public sealed class StreamingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Events_OneByOne_ArriveBeforeTheNextIsSent(string version)
    {
        using var next = new SemaphoreSlim(0);
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions
            {
                Answer = async context =>
                {
                    context.Response.ContentType = "text/event-stream";
                    for (var i = 0; i < 5; i++)
                    {
                        await context.Response.WriteAsync($"data: {i}\n\n", context.RequestAborted);
                        await context.Response.Body.FlushAsync(context.RequestAborted);
                        await next.WaitAsync(context.RequestAborted);
                    }
                },
            },
            Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        using var client = proxy.NewClient(Version.Parse(version));

        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal($"data: {i}", await reader.ReadLineAsync(Cancellation));
            Assert.Equal("", await reader.ReadLineAsync(Cancellation));
            next.Release();
        }

        Assert.Null(await reader.ReadLineAsync(Cancellation));
    }

    [Theory]
    [InlineData("1.1", "")]
    [InlineData("2.0", "")]
    [InlineData("1.1", "Transfer-Encoding: chunked\r\n")]
    public async Task Head_OfAStream_ArrivesBeforeItsFirstEvent(string version, string framing)
    {
        await using var backend = new RawBackend(_ => $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{framing}\r\n");
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var client = proxy.NewClient(Version.Parse(version));
        client.Timeout = TestProxy.Deadline;

        // The page shows "connected" at the head; the first event may come in an hour.
        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task WebSocket_OverHttp2_IsServedAndCounted()
    {
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions
            {
                Answer = async context =>
                {
                    using var socket = await context.WebSockets.AcceptWebSocketAsync();
                    var buffer = new byte[100];
                    var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
                    await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
                    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
                },
            },
            Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        using var socket = new ClientWebSocket();
        (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{proxy.Server.Listen.Port}/socket"), invoker, Cancellation);
        var buffer = new byte[100];
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
        var received = await socket.ReceiveAsync(buffer, Cancellation);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
        await proxy.ReportedAsync(1);
        Assert.Equal(1, proxy.Controller.Store.Sums().Succeeded);
    }

    [Fact]
    public async Task Upload_OfManyMegabytes_IsNeverHeldInMemory()
    {
        const long Length = 256L * 1024 * 1024;
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions
            {
                Answer = async context =>
                {
                    var received = await PatternStream.VerifyAsync(context.Request.Body, context.RequestAborted);
                    await context.Response.WriteAsync($"{received}", context.RequestAborted);
                },
            },
            Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var content = new StreamContent(new PatternStream(Length));

        var sending = proxy.Client.PostAsync("/", content, Cancellation);
        var most = 0L;
        await TestProxy.UntilAsync(
            () =>
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
                return sending.IsCompleted;
            },
            "the upload ends");

        Assert.Equal($"{Length}", await (await sending).Content.ReadAsStringAsync(Cancellation));
        // Other tests allocate in the same process; held as a whole, the body alone would be more.
        Assert.InRange(most - before, long.MinValue, Length - 1);
    }

    [Fact]
    public async Task Trailers_OfARequestOverHttp2_DoNotHarmIt()
    {
        await using var backend = new StrictBackend();
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        await using var connection = await RawHttp2Connection.OpenAsync(proxy, Cancellation);
        var head = Http2Frame.Block([(":method", "POST"), (":scheme", "http"), (":authority", "x"), (":path", "/a")]);

        await connection.SendAsync(new Http2Frame(Http2Frame.Headers, Http2Frame.EndHeaders, 1, head).ToBytes(), Cancellation);
        await connection.SendAsync(new Http2Frame(Http2Frame.Data, 0, 1, "abc").ToBytes(), Cancellation);
        var trailers = Http2Frame.Block([("checksum", "1")]);
        await connection.SendAsync(new Http2Frame(Http2Frame.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, 1, trailers).ToBytes(), Cancellation);

        await TestProxy.UntilAsync(() => connection.Body(1) == "/a", "it is answered");
        Assert.Equal("abc", Assert.Single(backend.Requests).Body);
        Assert.Empty(backend.Faults);
    }
}
