using MeshCanary.Proxy.Tests.Harness;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Tests.Upstreams;

/// <summary>Where a response ends, and whether another request may follow it on its connection.</summary>
public sealed class ResponseFramingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", 200, "hello", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true)]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nhello", 200, "hello", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 200, "hello", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n005 ; ext=\"x\"\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n", 200, "hello", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200, "hello", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n", 200, "hello", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: Close\r\n\r\nhello", 200, "hello", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: x-one, close\r\n\r\nhello", 200, "hello", false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", false)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200, "hello", false)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, "", true)]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", 204, "", false)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n", 304, "", true)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true)]
    [InlineData("HTTP/1.1 599 \r\nContent-Length: 1\r\n\r\nx", 599, "x", true)]
    [InlineData("HTTP/1.1 418\r\nContent-Length: 1\r\n\r\nx", 418, "x", true)]
    public async Task Response_IsWhole_IsPassedOn(string answer, int status, string body, bool keeps)
    {
        await using var backend = new ScriptedBackend(answer);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        var first = await host.GetAsync(Cancellation);
        await host.GetAsync(Cancellation);

        Assert.StartsWith($"HTTP/1.1 {status}", first, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n" + body, Unchunked(first), StringComparison.Ordinal);
        Assert.All(host.Ends, end => Assert.Equal(ForwarderError.None, end.Error));
        Assert.Equal(keeps ? 1 : 2, backend.Connections);
    }

    [Fact]
    public async Task Response_EndsWithItsConnection_IsPassedOn()
    {
        await using var backend = new ScriptedBackend("HTTP/1.1 200 OK\r\n\r\nuntil the end") { CloseAfter = true };
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        Assert.EndsWith("\r\n\r\nuntil the end", Unchunked(await host.GetAsync(Cancellation)), StringComparison.Ordinal);
        Assert.Equal(ForwarderError.None, Assert.Single(host.Ends).Error);
    }

    [Fact]
    public async Task Head_IsAskedFor_HasALengthAndNoBody()
    {
        await using var backend = new ScriptedBackend("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        var answer = await host.GetAsync(Cancellation, method: "HEAD");
        await host.GetAsync(Cancellation, method: "HEAD");

        Assert.Contains("Content-Length: 500\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(1, backend.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nBad Name: x\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n folded: first\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    public async Task Response_CannotBeRead_IsAFailureOfTheUpstream(string answer)
    {
        await using var backend = new ScriptedBackend(answer);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        Assert.StartsWith("HTTP/1.1 502", await host.GetAsync(Cancellation), StringComparison.Ordinal);
        await host.GetAsync(Cancellation);

        Assert.All(host.Ends, end => Assert.Equal(ForwarderError.Request, end.Error));
        Assert.Equal(2, backend.Connections);
    }

    [Theory]
    [InlineData("5\r\nhelloX\r\n0\r\n\r\n")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\n0\r\n\r\n")]
    [InlineData("g\r\nhello\r\n0\r\n\r\n")]
    [InlineData("-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("+5\r\nhello\r\n0\r\n\r\n")]
    [InlineData(" 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a=\rb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("\r\nhello\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nbad trailer\r\n\r\n")]
    public async Task Chunks_AreWrong_BreakTheResponseOff(string body)
    {
        await using var backend = new ScriptedBackend("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        var answer = await host.GetAsync(Cancellation);
        await host.GetAsync(Cancellation);

        // Either nothing was sent before the fault was seen, or the last chunk is missing.
        Assert.True(answer.StartsWith("HTTP/1.1 502", StringComparison.Ordinal) || !answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal), answer);
        Assert.All(host.Ends, end => Assert.Equal(ForwarderError.ResponseBodyDestination, end.Error));
        Assert.Equal(2, backend.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: 1\r\n")]
    public async Task Response_EndsTooEarly_IsNotTakenForWhole(string answer)
    {
        await using var backend = new ScriptedBackend(answer) { CloseAfter = true };
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);

        var got = await host.GetAsync(Cancellation);

        Assert.DoesNotContain("hello\r\n0\r\n\r\n", got, StringComparison.Ordinal);
        Assert.Equal(ForwarderError.ResponseBodyDestination, Assert.Single(host.Ends).Error);
        Assert.IsType<IOException>(Assert.Single(host.Ends).Cause);
    }

    [Fact]
    public async Task Head_IsLongerThanTheLimit_IsAFailure()
    {
        var long1 = string.Concat(Enumerable.Range(0, 1000).Select(i => $"X-{i}: {new string('x', 100)}\r\n"));
        await using var fits = new ScriptedBackend($"HTTP/1.1 200 OK\r\n{long1}Content-Length: 2\r\n\r\nok");
        await using var tooLong = new ScriptedBackend($"HTTP/1.1 200 OK\r\n{long1}{long1}Content-Length: 2\r\n\r\nok");
        await using var host = await ForwardingHost.StartAsync(fits.Address, Cancellation);
        await using var other = await ForwardingHost.StartAsync(tooLong.Address, Cancellation);

        Assert.Contains("X-999: xxx", await host.GetAsync(Cancellation), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 502", await other.GetAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extra_ArrivesAfterTheEnd_IsNeverTakenForTheNextResponse()
    {
        await using var backend = new ScriptedBackend("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);
        await host.GetAsync(Cancellation);

        // Said by nobody's request, while the connection is idle.
        await backend.SayAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
        await TestProxy.UntilAsync(() => host.Pool.CountSpent() == 1, "the bytes have arrived");

        Assert.EndsWith("\r\n\r\nok", await host.GetAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(2, backend.Connections);
    }

    private static string Unchunked(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        if (end < 4 || !answer[..end].Contains("Transfer-Encoding: chunked", StringComparison.Ordinal))
            return answer;
        var (rest, body) = (answer[end..], "");
        while (true)
        {
            var line = rest.IndexOf("\r\n", StringComparison.Ordinal);
            var size = Convert.ToInt32(rest[..line], 16);
            body += rest.Substring(line + 2, size);
            rest = rest[(line + 4 + size)..];
            if (size == 0)
                return answer[..end] + body;
        }
    }
}
