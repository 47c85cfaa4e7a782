using System.Net;
using System.Net.Sockets;
using System.Text;
using MeshCanary.Proxy.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Tests.Upstreams;

/// <summary>Requests with a body, and answers that come before it has ended.</summary>
public sealed class UploadTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public UploadTests() => _listener.Start();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("Content-Length: 5\r\n", "hello", "Content-Length: 5\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked\r\n", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    public async Task Body_IsThere_GoesAsItsFramingSays(string framing, string body, string sent)
    {
        await using var host = await ForwardingHost.StartAsync(Address, Cancellation);
        var asking = host.AskAsync($"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{framing}\r\n{body}", Cancellation);
        using var upstream = await _listener.AcceptTcpClientAsync(Cancellation);

        var got = await ReadUntilAsync(upstream, sent[^5..]);
        await WriteAsync(upstream, RawBackend.Ok);

        Assert.EndsWith(sent, got, StringComparison.Ordinal);
        Assert.EndsWith("ok", await asking, StringComparison.Ordinal);
        Assert.Equal(ForwarderError.None, Assert.Single(host.Ends).Error);
    }

    [Fact]
    public async Task Upstream_AnswersWhileTheBodyComes_BothFlowAtOnce()
    {
        await using var host = await ForwardingHost.StartAsync(Address, Cancellation);
        using var client = await ConnectAsync(host);
        await WriteAsync(client, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        using var upstream = await _listener.AcceptTcpClientAsync(Cancellation);
        await ReadUntilAsync(upstream, "\r\n\r\n");
        await WriteAsync(upstream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");

        // Each piece is sent only after the echo of the one before has come back.
        for (var i = 0; i < 3; i++)
        {
            await WriteAsync(client, $"6\r\npiece{i}\r\n");
            await ReadUntilAsync(upstream, $"piece{i}\r\n");
            await WriteAsync(upstream, $"5\r\necho{i}\r\n");
            await ReadUntilAsync(client, $"echo{i}\r\n");
        }

        await WriteAsync(client, "0\r\n\r\n");
        await ReadUntilAsync(upstream, "0\r\n\r\n");
        await WriteAsync(upstream, "0\r\n\r\n");
        await ReadUntilAsync(client, "0\r\n\r\n");
        await TestProxy.UntilAsync(() => !host.Ends.IsEmpty, "the exchange has ended");
        Assert.Equal(ForwarderError.None, Assert.Single(host.Ends).Error);
        Assert.Equal(1, host.Pool.Count);
    }

    [Fact]
    public async Task Upstream_AnswersBeforeTheBodyHasEnded_ItsAnswerIsWholeAndTheConnectionIsNotUsedAgain()
    {
        await using var host = await ForwardingHost.StartAsync(Address, Cancellation);
        using var client = await ConnectAsync(host);
        await WriteAsync(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nfirst");
        using var upstream = await _listener.AcceptTcpClientAsync(Cancellation);
        await ReadUntilAsync(upstream, "first");

        await WriteAsync(upstream, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");

        Assert.StartsWith("HTTP/1.1 413", await ReadUntilAsync(client, "\r\n\r\nno"), StringComparison.Ordinal);
        await TestProxy.UntilAsync(() => !host.Ends.IsEmpty, "the exchange has ended");
        Assert.Equal(ForwarderError.None, Assert.Single(host.Ends).Error);
        await TestProxy.UntilAsync(() => host.Pool.Count == 0, "the connection is closed");
    }

    [Fact]
    public async Task Upstream_AnswersAndResetsBeforeItIsAsked_NobodyReadsTheBodyAfterTheExchange()
    {
        await using var host = await ForwardingHost.StartAsync(Address, Cancellation);
        WatchedBody? body = null;
        var reading = -1;
        host.Ended = () => reading = body!.Reading;
        host.Change = context =>
        {
            context.Request.Body = body = new WatchedBody(context.Request.Body);
            using var upstream = _listener.AcceptTcpClient();
            upstream.Client.Send(Encoding.Latin1.GetBytes("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"));
            // Ends with a reset: the head of the request cannot be sent.
            upstream.LingerState = new LingerOption(enable: true, seconds: 0);
            return null;
        };
        using var client = await ConnectAsync(host);
        await WriteAsync(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n");

        await TestProxy.UntilAsync(() => !host.Ends.IsEmpty, "the exchange has ended");

        // Its buffer belongs to somebody else by now.
        Assert.Equal(0, reading);
    }

    [Fact]
    public async Task Client_WantsToBeToldToGoOn_SendsItsBodyOnlyThen()
    {
        await using var host = await ForwardingHost.StartAsync(Address, Cancellation, new FakeTimeProvider());
        using var client = await ConnectAsync(host);
        await WriteAsync(client, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        using var upstream = await _listener.AcceptTcpClientAsync(Cancellation);

        Assert.Contains("Expect: 100-continue\r\n", await ReadUntilAsync(upstream, "\r\n\r\n"), StringComparison.Ordinal);
        await WriteAsync(upstream, "HTTP/1.1 100 Continue\r\n\r\n");
        await ReadUntilAsync(client, "HTTP/1.1 100 Continue\r\n\r\n");
        await WriteAsync(client, "hello");
        await ReadUntilAsync(upstream, "hello");
        await WriteAsync(upstream, RawBackend.Ok);

        Assert.StartsWith("HTTP/1.1 200", await ReadUntilAsync(client, "ok"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_WantsToBeToldToGoOn_AndIsRefused()
    {
        await using var host = await ForwardingHost.StartAsync(Address, Cancellation, new FakeTimeProvider());
        using var client = await ConnectAsync(host);
        await WriteAsync(client, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        using var upstream = await _listener.AcceptTcpClientAsync(Cancellation);
        await ReadUntilAsync(upstream, "\r\n\r\n");
        await WriteAsync(upstream, "HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno");

        Assert.StartsWith("HTTP/1.1 417", await ReadUntilAsync(client, "no"), StringComparison.Ordinal);
        await TestProxy.UntilAsync(() => host.Pool.Count == 0, "the connection, which waits for a body, is closed");
        Assert.Equal(ForwarderError.None, Assert.Single(host.Ends).Error);
    }

    [Fact]
    public async Task Upstream_DoesNotSayGoOn_GetsTheBodyAfterASecond()
    {
        var time = new FakeTimeProvider();
        await using var host = await ForwardingHost.StartAsync(Address, Cancellation, time);
        using var client = await ConnectAsync(host);
        await WriteAsync(client, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
        using var upstream = await _listener.AcceptTcpClientAsync(Cancellation);
        await ReadUntilAsync(upstream, "\r\n\r\n");

        // The wait may begin a moment after the head was sent.
        var reading = ReadUntilAsync(upstream, "hello");
        await TestProxy.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return reading.IsCompleted;
            },
            "the body has come");
        await WriteAsync(upstream, RawBackend.Ok);

        Assert.StartsWith("HTTP/1.1 200", await ReadUntilAsync(client, "ok"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_SendsABodyThatIsNone_IsToldSo()
    {
        await using var host = await ForwardingHost.StartAsync(Address, Cancellation);
        var asking = host.AskAsync("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", Cancellation);
        using var upstream = await _listener.AcceptTcpClientAsync(Cancellation);

        Assert.StartsWith("HTTP/1.1 400", await asking, StringComparison.Ordinal);
        Assert.Equal(ForwarderError.RequestBodyClient, Assert.Single(host.Ends).Error);
        Assert.IsType<AggregateException>(Assert.Single(host.Ends).Cause);
    }

    [Fact]
    public async Task Client_LeavesWithinItsBody_IsTheOneWhoEndedIt()
    {
        await using var host = await ForwardingHost.StartAsync(Address, Cancellation);
        TcpClient upstream;
        using (var client = await ConnectAsync(host))
        {
            await WriteAsync(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nfirst");
            upstream = await _listener.AcceptTcpClientAsync(Cancellation);
            await ReadUntilAsync(upstream, "first");
        }

        using var closing = upstream;
        await TestProxy.UntilAsync(() => !host.Ends.IsEmpty, "the exchange has ended");
        Assert.Contains(Assert.Single(host.Ends).Error, new[] { ForwarderError.RequestCanceled, ForwarderError.RequestBodyClient });
    }

    [Fact]
    public async Task Upstream_BreaksOffWithinTheBody_HasFailed()
    {
        await using var host = await ForwardingHost.StartAsync(Address, Cancellation);
        using var client = await ConnectAsync(host);
        await WriteAsync(client, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\nfirst");
        using (var upstream = await _listener.AcceptTcpClientAsync(Cancellation))
            await ReadUntilAsync(upstream, "first");

        Assert.StartsWith("HTTP/1.1 502", await ReadUntilAsync(client, "\r\n\r\n"), StringComparison.Ordinal);
        Assert.Contains(Assert.Single(host.Ends).Error, new[] { ForwarderError.Request, ForwarderError.RequestBodyDestination });
    }

    private static async Task<TcpClient> ConnectAsync(ForwardingHost host)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port, Cancellation);
        return client;
    }

    private static async Task WriteAsync(TcpClient to, string text) =>
        await to.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), Cancellation);

    private static async Task<string> ReadUntilAsync(TcpClient from, string end)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TestProxy.Deadline);
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            var read = await from.GetStream().ReadAsync(buffer, patience.Token);
            Assert.True(read > 0, $"ended before '{end}': {text}");
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
