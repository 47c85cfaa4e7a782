using System.Net;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Malformed;

/// <summary>Connections that let their bytes drip, or say nothing. The web server's limits run by its own clock, so they are set short.</summary>
public sealed class SlowConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n")]
    [InlineData("GET / HT")]
    public async Task Head_NeverEnds_IsRefusedWithoutAWordToTheUpstream(string head)
    {
        await using var backend = new StrictBackend();
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, backend.Address), options => options with { Limits = new ProxyLimits { RequestHead = TimeSpan.FromSeconds(1) } });
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync(head, Cancellation);
        var answer = await connection.AnswerAsync(Cancellation);

        Assert.Equal(408, answer?.Status);
        Assert.Null(await connection.AnswerAsync(Cancellation));
        Assert.Equal(0, backend.Accepted);
    }

    [Fact]
    public async Task Head_DripsForever_IsRefusedAtTheSameLimit()
    {
        await using var backend = new StrictBackend();
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, backend.Address), options => options with { Limits = new ProxyLimits { RequestHead = TimeSpan.FromSeconds(1) } });
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n", Cancellation);

        // Every byte in time, and the head never at its end.
        var answer = connection.AnswerAsync(Cancellation);
        await TestProxy.UntilAsync(
            async () =>
            {
                await connection.SendAsync("a", Cancellation);
                return answer.IsCompleted;
            },
            "the head is refused");

        Assert.True(await answer is null or { Status: 408 });
        Assert.Equal(0, backend.Accepted);
    }

    [Fact]
    public async Task Connections_HundredsThatHang_TakeNothingFromTheRest()
    {
        await using var backend = new StrictBackend();
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        List<RawConnection> hanging = [];
        try
        {
            for (var i = 0; i < 300; i++)
            {
                hanging.Add(await RawConnection.OpenAsync(proxy, Cancellation));
                await hanging[^1].SendAsync((i % 3) switch { 0 => "", 1 => "GET / HT", _ => "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na" }, Cancellation);
            }

            for (var i = 0; i < 20; i++)
            {
                using var response = await proxy.Client.GetAsync("/", Cancellation);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }
        finally
        {
            hanging.ForEach(connection => connection.Dispose());
        }

        // Each of the broken bodies is the client's doing, and none is left behind.
        await proxy.ReportedAsync(120);
        Assert.Equal(100, proxy.Controller.Store.Sums().ClientAborts);
    }
}
