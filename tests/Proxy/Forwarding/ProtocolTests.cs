using System.Net;
using System.Net.WebSockets;
using System.Text;
using Grpc.Core;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Proxy.Tests.Protos;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Forwarding;

public sealed class ProtocolTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Request_EitherProtocolOnOnePort_IsServed(string version)
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        using var client = proxy.NewClient(Version.Parse(version));

        using var response = await client.GetAsync("/a?b=c", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal("ok", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Request_Forwarded_KeepsHostAndSaysWhereItCameFrom()
    {
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions { Answer = context => context.Response.WriteAsync($"{context.Request.Host}|{context.Request.Headers["X-Forwarded-For"]}|{context.Request.Headers["X-Forwarded-Proto"]}") },
            Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "shop.example" } };

        using var response = await proxy.Client.SendAsync(request, Cancellation);

        Assert.Equal("shop.example|127.0.0.1|http", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Answer_OfTheProxyItself_DoesNotNameItsSoftware()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation);

        using var response = await proxy.Client.GetAsync("/", Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("no configuration yet", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Grpc_UnaryAndStreaming_AreServedAndCounted()
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var channel = proxy.NewChannel();
        var echo = new Echo.EchoClient(channel);

        var reply = await echo.SayAsync(new EchoRequest { Text = "hello" }, cancellationToken: Cancellation);
        List<string> counted = [];
        using (var call = echo.Count(new EchoRequest { Replies = 5 }, cancellationToken: Cancellation))
        {
            await foreach (var next in call.ResponseStream.ReadAllAsync(Cancellation))
                counted.Add(next.Text);
        }

        Assert.Equal("hello", reply.Text);
        Assert.Equal(["0", "1", "2", "3", "4"], counted);
        await proxy.ReportedAsync(2);
        Assert.Equal(2, proxy.Controller.Store.Sums().Succeeded);
    }

    [Theory]
    [InlineData(StatusCode.Internal, 1)]
    [InlineData(StatusCode.Unavailable, 1)]
    [InlineData(StatusCode.NotFound, 0)]
    [InlineData(StatusCode.InvalidArgument, 0)]
    public async Task Grpc_StatusInTrailers_DecidesWhetherItFailed(StatusCode status, long errors)
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var channel = proxy.NewChannel();
        var echo = new Echo.EchoClient(channel);

        var unary = await Assert.ThrowsAsync<RpcException>(async () => await echo.SayAsync(new EchoRequest { FailWith = (int)status }, cancellationToken: Cancellation));
        using var call = echo.Count(new EchoRequest { Replies = 2, FailWith = (int)status }, cancellationToken: Cancellation);
        var streamed = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.ReadAllAsync(Cancellation).CountAsync(Cancellation));

        Assert.Equal((status, status), (unary.StatusCode, streamed.StatusCode));
        await proxy.ReportedAsync(2);
        Assert.Equal(2 * errors, proxy.Controller.Store.Sums().GrpcErrors);
        Assert.Equal(2, proxy.Controller.Store.Sums().Finished);
    }

    [Fact]
    public async Task Grpc_BothWaysAtOnce_EachMessageIsAnsweredBeforeTheNext()
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var channel = proxy.NewChannel();
        using var call = new Echo.EchoClient(channel).Chat(cancellationToken: Cancellation);

        for (var i = 0; i < 5; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" }, Cancellation);
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
            Assert.Equal($"{i}", call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
        await proxy.ReportedAsync(1);
        Assert.Equal(1, proxy.Controller.Store.Sums().Succeeded);
    }

    [Fact]
    public async Task Grpc_ServerEndsBeforeTheClient_CountsAsTheServerSaid()
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var channel = proxy.NewChannel();
        using var call = new Echo.EchoClient(channel).First(cancellationToken: Cancellation);

        await call.RequestStream.WriteAsync(new EchoRequest { Text = "hello" }, Cancellation);

        Assert.Equal("hello", (await call.ResponseAsync).Text);
        await proxy.ReportedAsync(1);
        Assert.Equal(1, proxy.Controller.Store.Sums().Succeeded);
    }

    [Fact]
    public async Task Grpc_ClientCancels_IsNoError()
    {
        await using var backend = await EchoBackend.StartAsync(Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var channel = proxy.NewChannel();
        using (var call = new Echo.EchoClient(channel).Chat(cancellationToken: Cancellation))
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = "hello" }, Cancellation);
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        }

        await proxy.ReportedAsync(1);
        Assert.Equal(1, proxy.Controller.Store.Sums().ClientAborts);
    }

    [Fact]
    public async Task WebSocket_Echo_IsCountedWhenItOpens()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = EchoSocketAsync }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{proxy.Server.Listen.Port}/socket"), Cancellation);

        await proxy.ReportedAsync(1);
        var buffer = new byte[100];
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
        var received = await socket.ReceiveAsync(buffer, Cancellation);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
        await proxy.Server.StopAsync(Cancellation);
        Assert.Equal(1, proxy.Controller.Store.Sums().Finished);
        Assert.Equal(1, proxy.Controller.Store.Sums().Succeeded);
        Assert.Equal(1, proxy.Controller.Store.Reports.SelectMany(r => r.Routes).SelectMany(r => r.Revisions).Sum(r => (long)r.StatusClasses[0]));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task LargeBody_BothWays_StreamsThroughAndIsCounted(string version)
    {
        const int Length = 80 * 1024 * 1024;
        await using var backend = await TestBackend.StartAsync(
            new TestBackendOptions
            {
                Answer = async context =>
                {
                    var received = await PatternStream.VerifyAsync(context.Request.Body, context.RequestAborted);
                    await new PatternStream(received).CopyToAsync(context.Response.Body, context.RequestAborted);
                },
            },
            Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        using var client = proxy.NewClient(Version.Parse(version));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StreamContent(new PatternStream(Length)) };

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var read = await PatternStream.VerifyAsync(body, Cancellation);

        Assert.Equal(Length, read);
        await proxy.ReportedAsync(1);
        var counts = proxy.Controller.Store.Reports.SelectMany(r => r.Routes).SelectMany(r => r.Revisions).ToList();
        Assert.Equal(Length, counts.Sum(c => (long)c.RequestBytes));
        Assert.Equal(Length, counts.Sum(c => (long)c.ResponseBytes));
    }

    private static async Task EchoSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[100];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }
    }
}
