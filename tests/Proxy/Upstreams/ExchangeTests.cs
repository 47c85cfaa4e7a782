using System.Net;
using System.Net.Sockets;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Addresses;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Tests.Upstreams;

/// <summary>What is sent to an upstream, how an exchange may fail, and which connection it uses.</summary>
public sealed class ExchangeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_IsSent_WithoutWhatConcernsTheClientsConnection()
    {
        await using var backend = new ScriptedBackend(Ok);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        await host.AskAsync(
            "GET /a HTTP/1.0\r\nHost: shop\r\nX-Other: 2\r\nTE: gzip\r\nProxy-Authorization: secret\r\n"
            + "Keep-Alive: timeout=5\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Prefix: /x\r\nX-Forwarded-Client: kept\r\nX-Empty:\r\n\r\n", Cancellation);

        Assert.Equal(
            "GET /a HTTP/1.1\r\nHost: shop\r\nX-Other: 2\r\nX-Forwarded-Client: kept\r\nX-Empty: \r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: shop\r\n\r\n",
            Assert.Single(backend.Heads));
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a%2Fb", "/a%2Fb")]
    [InlineData("//a", "//a")]
    [InlineData("/a%41b?x=%41%2f", "/a%41b?x=%41%2f")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a/%2e%2e/b", "/b")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("http://other/a?b=c", "/a?b=c")]
    [InlineData("/a?{}", "/a?%7B%7D")]
    public async Task Target_OfTheClient_StaysWhatItIsUnlessItCouldBeReadAsAnother(string target, string sent)
    {
        await using var backend = new ScriptedBackend(Ok);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        await host.AskAsync($"GET {target} HTTP/1.1\r\nHost: {(target[0] == '/' ? "shop" : "other")}\r\nConnection: close\r\n\r\n", Cancellation);

        Assert.Equal($"GET {sent} HTTP/1.1", Assert.Single(backend.Heads).Split("\r\n")[0]);
    }

    [Fact]
    public async Task Response_IsPassedOn_WithoutWhatConcernsTheUpstreamsConnection()
    {
        await using var backend = new ScriptedBackend(
            "HTTP/1.1 200 Fine by me\r\nConnection: X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\nAlt-Svc: h3\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n"
            + "X-Folded: one\r\n  two\r\nX-Spaced : 1\r\nContent-Length: 2\r\n\r\nok");
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        var answer = await host.GetAsync(Cancellation);

        Assert.StartsWith("HTTP/1.1 200 Fine by me\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Mine", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Keep-Alive", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Alt-Svc", answer, StringComparison.Ordinal);
        Assert.Contains("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n", answer, StringComparison.Ordinal);
        Assert.Matches("X-Folded: one +two\r\n", answer);
        Assert.Contains("X-Spaced: 1\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "", "Content-Length: 0")]
    [InlineData("GET", "", "X-Forwarded-Host: shop")]
    [InlineData("GET", "Content-Length: 0\r\n", "Content-Length: 0")]
    public async Task Request_HasNoBody_SaysSoWhereOneIsUsual(string method, string header, string last)
    {
        await using var backend = new ScriptedBackend(Ok);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        await host.GetAsync(Cancellation, headers: header, method: method);

        Assert.EndsWith(last + "\r\n\r\n", Assert.Single(backend.Heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_Changed_AreSentAsTheyWereChanged()
    {
        await using var backend = new ScriptedBackend(Ok);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);
        host.Change = context => new HeaderDictionary { ["Host"] = "other", ["X-New"] = "1", ["Content-Length"] = "7", ["Connection"] = "upgrade" };

        await host.GetAsync(Cancellation);

        Assert.Equal("GET / HTTP/1.1\r\nHost: other\r\nX-New: 1\r\n\r\n", Assert.Single(backend.Heads));
    }

    [Fact]
    public async Task Header_WithALineBreak_IsNeverSent()
    {
        await using var backend = new ScriptedBackend(Ok);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);
        host.Change = context => new HeaderDictionary { ["X-New"] = "1\r\nX-Smuggled: 2" };

        Assert.StartsWith("HTTP/1.1 400", await host.GetAsync(Cancellation), StringComparison.Ordinal);

        Assert.Equal(ForwarderError.RequestCreation, Assert.Single(host.Ends).Error);
        Assert.Empty(backend.Heads);
    }

    [Fact]
    public async Task Upstream_DoesNotListen_IsToldAsNoConnection()
    {
        await using var host = await ForwardingHost.StartAsync($"http://127.0.0.1:{FreePort.Find()}", Cancellation);

        Assert.StartsWith("HTTP/1.1 502", await host.GetAsync(Cancellation), StringComparison.Ordinal);

        var (error, cause) = Assert.Single(host.Ends);
        Assert.Equal(ForwarderError.Request, error);
        Assert.Equal(HttpRequestError.ConnectionError, Assert.IsType<HttpRequestException>(cause).HttpRequestError);
    }

    [Fact]
    public async Task Upstream_IsSilent_IsATimeout()
    {
        var time = new FakeTimeProvider();
        await using var backend = new ScriptedBackend("");
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation, time);

        var asking = host.GetAsync(Cancellation);
        await TestProxy.UntilAsync(() => !backend.Heads.IsEmpty, "the request has arrived");
        time.Advance(TimeSpan.FromSeconds(99));
        Assert.Empty(host.Ends);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.StartsWith("HTTP/1.1 504", await asking, StringComparison.Ordinal);
        var (error, cause) = Assert.Single(host.Ends);
        Assert.Equal(ForwarderError.RequestTimedOut, error);
        Assert.IsNotType<TimeoutException>(Assert.IsType<OperationCanceledException>(cause).InnerException);
    }

    [Fact]
    public async Task Upstream_FallsSilentWithinTheBody_IsATimeoutOfItsBody()
    {
        var time = new FakeTimeProvider();
        await using var backend = new ScriptedBackend("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello");
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation, time);

        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port, Cancellation);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancellation);
        Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[500], Cancellation));
        time.Advance(TimeSpan.FromSeconds(101));

        await TestProxy.UntilAsync(() => !host.Ends.IsEmpty, "the exchange has ended");
        Assert.Equal(ForwarderError.ResponseBodyDestination, Assert.Single(host.Ends).Error);
        Assert.IsType<OperationCanceledException>(Assert.Single(host.Ends).Cause);
    }

    [Fact]
    public async Task Client_Leaves_EndsTheExchange()
    {
        await using var backend = new ScriptedBackend("");
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, host.Address.Port, Cancellation);
            await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancellation);
            await TestProxy.UntilAsync(() => !backend.Heads.IsEmpty, "the request has arrived");
        }

        await TestProxy.UntilAsync(() => !host.Ends.IsEmpty, "the exchange has ended");
        Assert.Equal(ForwarderError.RequestCanceled, Assert.Single(host.Ends).Error);
        await TestProxy.UntilAsync(() => host.Pool.Count == 0, "its connection is closed");
    }

    [Fact]
    public async Task Caller_EndsIt_IsToldAsCancelled()
    {
        await using var backend = new ScriptedBackend("");
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        var asking = host.GetAsync(Cancellation);
        await TestProxy.UntilAsync(() => !backend.Heads.IsEmpty, "the request has arrived");
        await host.Caller.CancelAsync();

        Assert.StartsWith("HTTP/1.1 502", await asking, StringComparison.Ordinal);
        Assert.Equal(ForwarderError.RequestCanceled, Assert.Single(host.Ends).Error);
    }

    [Fact]
    public async Task Connection_EndedWhileIdle_IsNotUsed()
    {
        await using var backend = new ScriptedBackend(Ok);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);
        await host.GetAsync(Cancellation);

        backend.Hang();
        await TestProxy.UntilAsync(() => host.Pool.CountSpent() == 1, "its end has arrived");

        // A method that could not be sent again, at once: nothing was sent on the connection that had ended.
        Assert.EndsWith("ok", await host.GetAsync(Cancellation, method: "POST"), StringComparison.Ordinal);
        Assert.Equal(2, backend.Connections);
    }

    [Fact]
    public async Task Connection_IdleForThreeSeconds_IsClosed()
    {
        var time = new FakeTimeProvider();
        await using var backend = new ScriptedBackend(Ok);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation, time);
        await host.GetAsync(Cancellation);
        Assert.Equal(1, host.Pool.Count);

        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, host.Pool.Count);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(0, host.Pool.Count);
    }

    [Theory]
    [InlineData(true, "within 1 s.")]
    [InlineData(false, "within 5 s.")]
    public async Task Connection_IsNotMade_IsWaitedForAsLongAsThereIsNothingElse(bool mayGoElsewhere, string told)
    {
        var time = new FakeTimeProvider();
        using var silent = new SilentPort();
        await using var host = await ForwardingHost.StartAsync(silent.Address, Cancellation, time);
        host.MayGoElsewhere = mayGoElsewhere;

        var asked = host.GetAsync(Cancellation);
        await TestProxy.UntilAsync(() => silent.Waiting > 0, "the host waits for a connection");
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.StartsWith("HTTP/1.1 504", await asked, StringComparison.Ordinal);
        Assert.EndsWith(told, host.Ends.Single().Cause!.InnerException!.Message, StringComparison.Ordinal);
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
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation, time);
        await host.GetAsync(Cancellation);

        time.Advance(TimeSpan.FromSeconds(idleSeconds));
        var answer = await host.GetAsync(Cancellation, method: method);

        Assert.StartsWith(again ? "HTTP/1.1 200" : "HTTP/1.1 502", answer, StringComparison.Ordinal);
        Assert.Equal(again ? 3 : 2, backend.Received.Count);
        Assert.Equal(again ? ForwarderError.None : ForwarderError.Request, host.Ends.Last().Error);
    }

    [Fact]
    public async Task Requests_Many_ShareFewConnections()
    {
        await using var backend = new ScriptedBackend(Ok);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);
        using var client = new HttpClient { BaseAddress = host.Address };

        for (var i = 0; i < 200; i++)
            Assert.Equal("ok", await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation));

        // One at a time; a core may find its neighbour's connection just taken.
        Assert.InRange(backend.Connections, 1, 2);
        Assert.Equal(200, host.Ends.Count);
    }
}
