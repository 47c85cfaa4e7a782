using System.Net.WebSockets;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Forwarding;

public sealed class CanaryDrainTests : IAsyncLifetime
{
    private TestBackend _stable = null!;
    private TestBackend _canary = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stable = await TestBackend.StartAsync("v1", Cancellation);
        _canary = await TestBackend.StartAsync(new TestBackendOptions { Version = "v2", Answer = AnswerAsync }, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stable.DisposeAsync();
        await _canary.DisposeAsync();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Canary_RolledBack_ItsStreamsEndAndAreNeitherSuccessNorFailure(string version)
    {
        await using var proxy = await StartAsync(TimeSpan.FromMilliseconds(200));
        using var client = proxy.NewClient(Version.Parse(version));
        using var response = await client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var silent = client.GetAsync("/hang", Cancellation);
        await TestProxy.UntilAsync(() => _canary.Received == 2, "the requests arrive");

        await proxy.ApplyAsync(Stable(2, "v1"));

        await Assert.ThrowsAnyAsync<IOException>(async () => await body.CopyToAsync(Stream.Null, Cancellation));
        using var broken = await silent;
        Assert.Equal(502, (int)broken.StatusCode);
        await proxy.Server.StopAsync(Cancellation);
        var sums = proxy.Controller.Store.Sums("v2");
        Assert.Equal((2, 2), (sums.ClientAborts, sums.Finished));
        Assert.Contains("2 requests still run on revision v2", proxy.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Canary_RolledBack_ItsWebSocketsAreClosed()
    {
        await using var proxy = await StartAsync(TimeSpan.FromMilliseconds(200));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{proxy.Server.Listen.Port}/socket"), Cancellation);

        await proxy.ApplyAsync(Stable(2, "v1"));

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[1], Cancellation));
        await proxy.Server.StopAsync(Cancellation);
        Assert.Equal((1, 1), (proxy.Controller.Store.Sums("v2").Succeeded, proxy.Controller.Store.Sums("v2").Finished));
    }

    [Fact]
    public async Task Canary_PromotedOrBackInTime_KeepsItsStreams()
    {
        await using var proxy = await StartAsync(TimeSpan.FromMilliseconds(500));
        using var response = await proxy.Client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadExactlyAsync(new byte[1], Cancellation);

        await proxy.ApplyAsync(Stable(2, "v1"));
        await proxy.ApplyAsync(Split(3));
        await proxy.ApplyAsync(Stable(4, "v2"));
        // Another canary comes and goes: when its time is up, so would be that of the first.
        await proxy.ApplyAsync(Snapshots.Of(5, [Snapshots.At(_canary.Address)], [Snapshots.At(_canary.Address)], 10_000, route => (route.Stable.Revision, route.Canary.Revision) = ("v2", "v3")));
        var other = proxy.Client.GetAsync("/hang", Cancellation);
        await TestProxy.UntilAsync(() => _canary.Received == 2, "the request arrives");
        await proxy.ApplyAsync(Stable(6, "v2"));
        using var ended = await other;

        await body.ReadExactlyAsync(new byte[1], Cancellation);
        Assert.Equal(502, (int)ended.StatusCode);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/hang":
                await BackendAnswers.Hang(context);
                break;
            case "/socket":
                using (await context.WebSockets.AcceptWebSocketAsync())
                    await BackendAnswers.Hang(context);
                break;
            default:
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.WriteAsync(".", context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                break;
        }
    }

    private Task<TestProxy> StartAsync(TimeSpan drain) => TestProxy.StartAsync(Cancellation, Split(1), options => options with { CanaryDrain = drain });

    private Snapshot Split(ulong version) => Snapshots.Of(version, Snapshots.At(_stable.Address), Snapshots.At(_canary.Address), 10_000);

    private Snapshot Stable(ulong version, string revision) =>
        Snapshots.Of(version, Snapshots.At(revision == "v1" ? _stable.Address : _canary.Address), change: route => route.Stable.Revision = revision);
}
