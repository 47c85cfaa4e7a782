using System.Net;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Forwarding;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Addresses;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Proxy.Tests.Forwarding;

public sealed class UpstreamFailureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upstream_ClosesEveryFifthRequestUnanswered_IsCountedForEachAndSeesEachOnce()
    {
        var requests = 0;
        await using var backend = new RawBackend(_ => Interlocked.Increment(ref requests) % 5 == 0 ? null : RawBackend.Ok);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));

        List<HttpStatusCode> statuses = [];
        for (var i = 0; i < 100; i++)
        {
            using var response = await proxy.Client.GetAsync($"/{i}", Cancellation);
            statuses.Add(response.StatusCode);
        }

        await proxy.ReportedAsync(100);
        Assert.Equal(20, statuses.Count(status => status == HttpStatusCode.BadGateway));
        Assert.Equal(20, proxy.Controller.Store.Sums().ConnectionFailures);
        Assert.Equal(80, proxy.Controller.Store.Sums().Succeeded);
        Assert.Equal(100, backend.Received.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/by-path")]
    public async Task Upstream_FailsBehindItsHead_TheUserKeepsTheirCookie(string path)
    {
        await using var backend = new RawBackend(_ => "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: of=upstream\r\nConnection: close\r\n\r\n");
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, backend.Address + path, backend.Address + path, 5000, route => route.Stickiness = new Stickiness { Cookie = "who" }));

        using var response = await proxy.Client.GetAsync("/", Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.StartsWith("who=", Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upstream_ClosesEveryRequestUnanswered_IsNotTakenForUnreachable()
    {
        await using var backend = new RawBackend(_ => null);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));

        for (var i = 0; i < 6; i++)
            Assert.Equal(HttpStatusCode.BadGateway, (await proxy.Client.GetAsync("/", Cancellation)).StatusCode);

        await proxy.ReportedAsync(6);
        Assert.Equal(6, proxy.Controller.Store.Sums().ConnectionFailures);
        Assert.Equal(6, backend.Received.Count);
        Assert.DoesNotContain("could not be reached", proxy.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upstream_NothingListens_IsTakenOutOfRotation()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, $"http://127.0.0.1:{FreePort.Find()}"));

        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.BadGateway, (await proxy.Client.GetAsync("/", Cancellation)).StatusCode);

        Assert.Contains("could not be reached 3 times", proxy.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", 0, false)]
    [InlineData("GET", 2, true)]
    [InlineData("DELETE", 2, true)]
    [InlineData("POST", 2, false)]
    public async Task Connection_EndsUnanswered_IsTriedAgainOnlyAfterIdling(string method, int idleSeconds, bool again)
    {
        var time = new FakeTimeProvider();
        var requests = 0;
        await using var backend = new RawBackend(_ => Interlocked.Increment(ref requests) == 2 ? null : RawBackend.Ok);
        using var client = NewClient(time);
        await client.GetStringAsync(new Uri(backend.Address), Cancellation);

        time.Advance(TimeSpan.FromSeconds(idleSeconds));
        using var request = new HttpRequestMessage(new HttpMethod(method), backend.Address);
        var sending = client.SendAsync(request, Cancellation);

        if (again)
            Assert.Equal(HttpStatusCode.OK, (await sending).StatusCode);
        else
            Assert.IsType<UpstreamBrokeOffException>((await Assert.ThrowsAsync<HttpRequestException>(() => sending)).InnerException);
        Assert.Equal(again ? 3 : 2, backend.Received.Count);
    }

    [Fact]
    public async Task Connection_EndsLongAfterTheRequest_IsAFailureEvenAfterIdling()
    {
        var time = new FakeTimeProvider();
        var requests = 0;
        await using var backend = new RawBackend(_ =>
        {
            if (Interlocked.Increment(ref requests) != 2)
                return RawBackend.Ok;
            time.Advance(TimeSpan.FromSeconds(1));
            return null;
        });
        using var client = NewClient(time);
        await client.GetStringAsync(new Uri(backend.Address), Cancellation);
        time.Advance(TimeSpan.FromSeconds(2));

        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri(backend.Address), Cancellation));

        Assert.IsType<UpstreamBrokeOffException>(fault.InnerException);
        Assert.Equal(2, backend.Received.Count);
    }

    [Fact]
    public async Task Response_EndsWithItsConnection_IsWhole()
    {
        await using var backend = new RawBackend(_ => "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end");
        using var client = NewClient(TimeProvider.System);

        Assert.Equal("until the end", await client.GetStringAsync(new Uri(backend.Address), Cancellation));
    }

    private static HttpClient NewClient(TimeProvider time)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        UpstreamClient.Configure(handler, TimeSpan.FromSeconds(5), time);
        return new HttpClient(handler);
    }
}
