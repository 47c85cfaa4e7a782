using System.Net.Sockets;
using System.Text;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Forwarding;

public sealed class SlowClientTests
{
    private static readonly RequestDelegate Echo = async context =>
    {
        using var reader = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync(await reader.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_Pauses_IsNotCutOff()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = Echo }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)));
        using var client = new TcpClient();
        await client.ConnectAsync(proxy.Server.Listen, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabc"u8.ToArray(), Cancellation);

        // The web server's own limit is five seconds, by its own clock.
        await Task.Delay(TimeSpan.FromSeconds(8), TimeProvider.System, Cancellation);
        await stream.WriteAsync("def"u8.ToArray(), Cancellation);

        var answer = await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync(Cancellation);
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("abcdef", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 6\r\n\r\nabc")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")]
    public async Task Upload_NeverEnds_IsTheClientsDoing(string rest)
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = Echo }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), options => options with { UpstreamActivityTimeout = TimeSpan.FromMilliseconds(400) });

        var answer = await RawClient.SendAsync(proxy, $"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{rest}", Cancellation);

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        await proxy.ReportedAsync(1);
        Assert.Equal(1, proxy.Controller.Store.Sums().ClientAborts);
    }

    [Fact]
    public async Task Upload_WholeAndNeverAnswered_IsTheUpstreamsTimeout()
    {
        await using var backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = BackendAnswers.Hang }, Cancellation);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), options => options with { UpstreamActivityTimeout = TimeSpan.FromMilliseconds(400) });

        var answer = await RawClient.SendAsync(proxy, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc", Cancellation);

        Assert.StartsWith("HTTP/1.1 504", answer, StringComparison.Ordinal);
        await proxy.ReportedAsync(1);
        Assert.Equal(1, proxy.Controller.Store.Sums().Timeouts);
    }
}
