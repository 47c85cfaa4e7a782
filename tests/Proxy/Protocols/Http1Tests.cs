using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Addresses;

namespace MeshCanary.Proxy.Tests.Protocols;

/// <summary>What HTTP/1.1 allows at its edges.</summary>
public sealed class Http1Tests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", 304)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n", 304)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200)]
    public async Task Answer_WithoutABody_LeavesBothConnectionsInOrder(string bytes, int status)
    {
        await using var backend = new StrictBackend(request => request.Target == "/a" ? bytes : StrictBackend.Echo(request));
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        var answer = await connection.AnswerAsync(Cancellation);
        await connection.SendAsync("GET /b HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);

        Assert.Equal((status, ""), (answer?.Status, answer?.Body));
        Assert.Equal("/b", (await connection.AnswerAsync(Cancellation))?.Body);
        Assert.Equal(1, backend.Accepted);
    }

    [Fact]
    public async Task Head_WithALength_HasNoBody()
    {
        await using var backend = new StrictBackend();
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        var answer = await connection.AnswerAsync(Cancellation, toHead: true);
        await connection.SendAsync("GET /b HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);

        Assert.Equal(["4"], answer!.Values("Content-Length"));
        Assert.Equal("/b", (await connection.AnswerAsync(Cancellation))?.Body);
    }

    [Fact]
    public async Task EarlyHints_BeforeTheAnswer_DoNotTakeItsPlace()
    {
        await using var backend = new StrictBackend(request => "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + StrictBackend.Echo(request));
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        var answer = await connection.AnswerAsync(Cancellation);
        while (answer is { Status: < 200 })
            answer = await connection.AnswerAsync(Cancellation);

        Assert.Equal((200, "/a"), (answer?.Status, answer?.Body));
    }

    [Fact]
    public async Task Pipeline_OfRequests_IsAnsweredInItsOrder()
    {
        await using var backend = new StrictBackend();
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync(
            string.Concat(Enumerable.Range(0, 20).Select(i => $"POST /{i} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")), Cancellation);

        for (var i = 0; i < 20; i++)
            Assert.Equal($"/{i}", (await connection.AnswerAsync(Cancellation))?.Body);
        // One after the other, they share a connection to the upstream.
        Assert.Equal((20, 1), (backend.Requests.Count, backend.Accepted));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("Connection: keep-alive\r\n", false)]
    public async Task Client_OfHttp10_IsServedAndClosedUnlessItAsks(string header, bool closed)
    {
        await using var backend = new StrictBackend();
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync($"GET /a HTTP/1.0\r\nHost: x\r\n{header}\r\n", Cancellation);

        Assert.Equal("/a", (await connection.AnswerAsync(Cancellation))?.Body);
        await connection.SendAsync("GET /b HTTP/1.0\r\nHost: x\r\n\r\n", Cancellation);
        Assert.Equal(closed ? null : "/b", (await connection.AnswerAsync(Cancellation))?.Body);
    }

    [Fact]
    public async Task Client_OfHttp10_NeverGetsChunks()
    {
        await using var backend = new StrictBackend(_ => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync("GET /a HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n", Cancellation);
        var answer = await connection.AnswerAsync(Cancellation);

        Assert.Equal("abc", answer?.Body);
        Assert.Empty(answer!.Values("Transfer-Encoding"));
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nabc")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc")]
    public async Task Upstream_ThatEndsWithItsConnection_IsReadToTheEnd(string bytes)
    {
        await using var backend = new StrictBackend(_ => bytes);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        for (var i = 1; i <= 2; i++)
        {
            await connection.SendAsync("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
            var answer = await connection.AnswerAsync(Cancellation);
            Assert.Equal((true, "abc"), (answer?.IsWhole, answer?.Body));
            Assert.Equal(i, backend.Accepted);
        }
    }

    [Fact]
    public async Task Chunks_BothWays_PassWithTheirTrailersOrWithoutAndNothingElse()
    {
        await using var backend = new StrictBackend(
            request => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{request.Body.Length:x}\r\n{request.Body}\r\n0\r\nChecksum: 1\r\n\r\n");
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync(
            "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nSum: 2\r\n\r\n", Cancellation);
        var answer = await connection.AnswerAsync(Cancellation);
        await connection.SendAsync("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nd", Cancellation);

        Assert.Equal("abc", answer?.Body);
        Assert.Equal("d", (await connection.AnswerAsync(Cancellation))?.Body);
        Assert.Equal(["abc", "d"], backend.Requests.Select(request => request.Body));
    }

    [Fact]
    public async Task Expect_UpstreamSaysContinue_TheClientIsToldAndSends()
    {
        // The body reads as one more head here.
        await using var backend = new RawBackend(head => head.StartsWith("POST", StringComparison.Ordinal) ? "HTTP/1.1 100 Continue\r\n\r\n" : RawBackend.Ok);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n", Cancellation);
        Assert.Equal(100, (await connection.AnswerAsync(Cancellation))?.Status);
        await connection.SendAsync("abc\r\n\r\n", Cancellation);

        Assert.Equal((200, "ok"), await StatusAndBodyAsync(connection));
        Assert.Equal(2, backend.Received.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 417 Expectation Failed", 417)]
    [InlineData("HTTP/1.1 401 Unauthorized", 401)]
    [InlineData("HTTP/1.1 200 OK", 200)]
    public async Task Expect_UpstreamAnswersAtOnce_TheClientGetsThatAnswer(string line, int status)
    {
        await using var backend = new RawBackend(_ => $"{line}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n", Cancellation);

        var answer = await connection.AnswerAsync(Cancellation);
        // The proxy may say 100 on its own, and then waits for the body as it said.
        if (answer is { Status: 100 })
        {
            await connection.SendAsync("abcdefg", Cancellation);
            answer = await connection.AnswerAsync(Cancellation);
        }

        else
        {
            // Whether its body follows, or a new request, nobody could tell.
            Assert.Equal(["close"], answer!.Values("connection"));
        }

        Assert.Equal((status, "ok"), (answer?.Status, answer?.Body));
        Assert.Single(backend.Received);
    }

    [Theory]
    [InlineData("elsewhere", 404)]
    [InlineData("x", 502)]
    public async Task Expect_ProxyAnswersByItself_TheConnectionEndsWithTheAnswer(string host, int status)
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, $"http://127.0.0.1:{FreePort.Find()}", change: route => route.Hosts.Add("x")));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync($"POST /a HTTP/1.1\r\nHost: {host}\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n", Cancellation);

        var answer = await connection.AnswerAsync(Cancellation);
        Assert.Equal(status, answer?.Status);
        Assert.Equal(["close"], answer!.Values("connection"));
    }

    [Fact]
    public async Task Refusal_BeforeTheBodyIsSent_ReachesTheClientThatGoesOnSending()
    {
        await using var backend = new RawBackend(_ => "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc", Cancellation);
        await TestProxy.UntilAsync(() => !backend.Received.IsEmpty, "the upstream has answered");
        await connection.SendAsync(new string('d', 997), Cancellation);

        Assert.Equal((413, "no"), await StatusAndBodyAsync(connection));
    }

    private static async Task<(int?, string?)> StatusAndBodyAsync(RawConnection connection)
    {
        var answer = await connection.AnswerAsync(Cancellation);
        return (answer?.Status, answer?.Body);
    }
}
