using System.Net;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Forwarding;

public sealed class PassThroughTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("X-Name: caf\u00c3\u00a9")]
    [InlineData("X-Name: caf\u00e9")]
    [InlineData("Content-Type: text/caf\u00c3\u00a9")]
    public async Task RequestHeader_BytesBeyondAscii_ArriveAsTheyAre(string header)
    {
        await using var backend = new RawBackend(_ => RawBackend.Ok);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));

        var answer = await SendAsync(proxy, $"GET / HTTP/1.1\r\nHost: x\r\n{header}\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\n{header}\r\n", Assert.Single(backend.Received), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule_ValueBeyondAscii_MatchesItsUtf8Bytes()
    {
        await using var stable = new RawBackend(_ => RawBackend.Ok);
        await using var canary = new RawBackend(_ => RawBackend.Ok);
        var condition = new Condition { Part = Condition.Types.Part.Header, Name = "x-name", Operator = Condition.Types.Operator.Exact, Value = "caf\u00e9" };
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, stable.Address, canary.Address, 0, route => route.CanaryRules.Add(new MatchRule { Conditions = { condition } })));

        await SendAsync(proxy, "GET / HTTP/1.1\r\nHost: x\r\nX-Name: caf\u00c3\u00a9\r\n");

        Assert.Single(canary.Received);
    }

    [Theory]
    [InlineData("caf\u00e9\u00c3\u00a9", 10)]
    [InlineData("a", 100_000)]
    public async Task ResponseHeader_BeyondAsciiOrLong_ComesAsItIs(string piece, int times)
    {
        var value = string.Concat(Enumerable.Repeat(piece, times));
        await using var backend = new RawBackend(_ => $"HTTP/1.1 200 OK\r\nX-Big: {value}\r\nContent-Length: 2\r\n\r\nok");
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));

        var answer = await SendAsync(proxy, "GET / HTTP/1.1\r\nHost: x\r\n");

        Assert.Contains($"\r\nX-Big: {value}\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResponseHeader_BeyondTheLimit_IsTheArmsFailureButItWasReached()
    {
        await using var backend = new RawBackend(_ => $"HTTP/1.1 200 OK\r\nX-Big: {new string('a', 200_000)}\r\nContent-Length: 2\r\n\r\nok");
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));

        for (var i = 0; i < 4; i++)
            Assert.StartsWith("HTTP/1.1 502", await SendAsync(proxy, "GET / HTTP/1.1\r\nHost: x\r\n"), StringComparison.Ordinal);

        await proxy.ReportedAsync(4);
        Assert.Equal(4, proxy.Controller.Store.Sums().ConnectionFailures);
        Assert.DoesNotContain("could not be reached", proxy.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_WithoutAProtocol_IsRefusedAndNotCounted()
    {
        await using var backend = new RawBackend(_ => RawBackend.Ok);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));

        for (var i = 0; i < 4; i++)
            Assert.StartsWith("HTTP/1.1 405", await SendAsync(proxy, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n"), StringComparison.Ordinal);
        using var usual = await proxy.Client.GetAsync("/", Cancellation);

        Assert.Equal(HttpStatusCode.OK, usual.StatusCode);
        await proxy.Server.StopAsync(Cancellation);
        Assert.Equal(1, proxy.Controller.Store.Sums().Finished);
        Assert.DoesNotContain("could not be reached", proxy.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trace_OfTheCaller_IsNeitherReplacedNorInvented()
    {
        await using var backend = new RawBackend(_ => RawBackend.Ok);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));

        await SendAsync(proxy, "GET / HTTP/1.1\r\nHost: x\r\n");
        await SendAsync(proxy, $"GET / HTTP/1.1\r\nHost: x\r\ntraceparent: {Trace}\r\ntracestate: a=b\r\nbaggage: k=v\r\nRequest-Id: |7\r\nCorrelation-Context: c=d\r\n");

        var heads = backend.Received.ToArray();
        Assert.DoesNotContain("trace", heads[0], StringComparison.OrdinalIgnoreCase);
        Assert.Equal([Trace], Values(heads[1], "traceparent"));
        Assert.Equal(["a=b"], Values(heads[1], "tracestate"));
        Assert.Equal(["k=v"], Values(heads[1], "baggage"));
        Assert.Equal(["|7"], Values(heads[1], "Request-Id"));
        Assert.Equal(["c=d"], Values(heads[1], "Correlation-Context"));
    }

    [Theory]
    [InlineData(false, "127.0.0.1", "http", "x")]
    [InlineData(true, "6.6.6.6, 127.0.0.1", "https", "shop.example")]
    public async Task Forwarded_OfTheCaller_IsKeptOnlyWhenTrusted(bool trust, string @for, string proto, string host)
    {
        await using var backend = new RawBackend(_ => RawBackend.Ok);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, backend.Address), options => options with { TrustForwarded = trust });

        await SendAsync(proxy, "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.example\r\n");
        await SendAsync(proxy, "GET / HTTP/1.1\r\nHost: x\r\n");

        var heads = backend.Received.ToArray();
        Assert.Equal(@for, string.Join(", ", Values(heads[0], "X-Forwarded-For")));
        Assert.Equal([proto], Values(heads[0], "X-Forwarded-Proto"));
        Assert.Equal([host], Values(heads[0], "X-Forwarded-Host"));
        Assert.Equal(["127.0.0.1"], Values(heads[1], "X-Forwarded-For"));
        Assert.Equal(["http"], Values(heads[1], "X-Forwarded-Proto"));
        Assert.Equal(["x"], Values(heads[1], "X-Forwarded-Host"));
    }

    [Theory]
    [InlineData("Host: \r\n", "1.1")]
    [InlineData("", "1.0")]
    public async Task Host_ThatNamesNone_BecomesTheUpstreamsOwn(string header, string version)
    {
        await using var backend = new RawBackend(_ => RawBackend.Ok);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));

        await SendAsync(proxy, $"GET / HTTP/{version}\r\n{header}");

        Assert.Equal([new Uri(backend.Address).Authority], Values(Assert.Single(backend.Received), "Host"));
    }

    private static Task<string> SendAsync(TestProxy proxy, string head) =>
        RawClient.SendAsync(proxy, $"{head}Connection: close\r\n\r\n", Cancellation);

    private static string[] Values(string head, string name) =>
        [.. head.Split("\r\n").Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim())];
}
