using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Telling;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Proxy.Tests.Telling;

public sealed class AccessLogFieldTests : IAsyncLifetime
{
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    private readonly KeptLines _log = new();
    private readonly string _nowhere = $"http://127.0.0.1:{FreePort.Find()}";
    private TestBackend _backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _backend = await TestBackend.StartAsync("v1", Cancellation);

    public async ValueTask DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("1.1", "HTTP/1.1")]
    [InlineData("2.0", "HTTP/2")]
    public async Task Request_Served_IsToldWhole(string version, string protocol)
    {
        await using var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address)));
        using var client = proxy.NewClient(Version.Parse(version));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/a%20b?token=secret") { Content = new StringContent("hello"), Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        request.Headers.TryAddWithoutValidation("User-Agent", "tests/1");
        request.Headers.TryAddWithoutValidation("traceparent", Trace);
        request.Headers.TryAddWithoutValidation("Cookie", "c=secret");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer secret");
        var before = DateTimeOffset.Parse(TimeProvider.System.GetUtcNow().ToString("O"), CultureInfo.InvariantCulture).AddMilliseconds(-1);

        (await client.SendAsync(request, Cancellation)).Dispose();

        var line = await _log.SingleAsync();
        Assert.Equal(Snapshots.Route, line.GetProperty("route").GetString());
        Assert.Equal(
            ("stable", "v1", Snapshots.At(_backend.Address), "127.0.0.1", protocol, "POST"),
            (Text(line, "arm"), Text(line, "revision"), Text(line, "endpoint"), Text(line, "client"), Text(line, "protocol"), Text(line, "method")));
        Assert.Equal(
            (proxy.Address.Authority, "/a%20b", "success", "tests/1", "4bf92f3577b34da6a3ce929d0e0e4736"),
            (Text(line, "host"), Text(line, "path"), Text(line, "outcome"), Text(line, "userAgent"), Text(line, "traceId")));
        Assert.Equal(
            (200, 5, 2, 0), (Number(line, "status"), Number(line, "requestBytes"), Number(line, "responseBytes"), Number(line, "retries")));
        Assert.InRange(line.GetProperty("firstByteMs").GetDouble(), 0, line.GetProperty("durationMs").GetDouble());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", Text(line, "time"));
        Assert.InRange(DateTimeOffset.Parse(Text(line, "time")!, CultureInfo.InvariantCulture), before, TimeProvider.System.GetUtcNow());
        Assert.DoesNotContain("secret", _log.Lines[0], StringComparison.Ordinal);
        Assert.False(line.TryGetProperty("diverted", out _));
    }

    [Fact]
    public async Task Query_AskedFor_IsTold()
    {
        await using var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address)), log => log with { WithQuery = true });

        (await proxy.Client.GetAsync("/a?b=c", Cancellation)).Dispose();

        Assert.Equal("?b=c", Text(await _log.SingleAsync(), "query"));
    }

    [Fact]
    public async Task Request_FailedByTheUpstream_IsTold()
    {
        _backend.Answer = BackendAnswers.Status(503);
        await using var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address)));

        (await proxy.Client.GetAsync("/", Cancellation)).Dispose();

        var line = await _log.SingleAsync();
        Assert.Equal((503, "server_error"), (Number(line, "status"), Text(line, "outcome")));
    }

    [Fact]
    public async Task Canary_CannotBeReached_DiversionAndRetryAreTold()
    {
        await using var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address), _nowhere, 10_000, Patient));

        (await proxy.Client.GetAsync("/", Cancellation)).Dispose();

        var line = await _log.SingleAsync();
        Assert.Equal(
            ("canary", "v1", Snapshots.At(_backend.Address), "not_ready", "unreachable"),
            (Text(line, "arm"), Text(line, "revision"), Text(line, "endpoint"), Text(line, "diverted"), Text(line, "retryReason")));
        Assert.Equal((200, 1), (Number(line, "status"), Number(line, "retries")));
    }

    [Fact]
    public async Task Nothing_CanBeReached_IsTold()
    {
        await using var proxy = await ServeAsync(Snapshots.Of(1, [_nowhere], [], 0, Patient));

        (await proxy.Client.GetAsync("/", Cancellation)).Dispose();

        var line = await _log.SingleAsync();
        Assert.Equal((502, "connection_failure", _nowhere), (Number(line, "status"), Text(line, "outcome"), Text(line, "endpoint")));
        Assert.False(line.TryGetProperty("firstByteMs", out _));
    }

    [Fact]
    public async Task Client_GoesAway_NoStatusIsTold()
    {
        _backend.Answer = BackendAnswers.Hang;
        await using var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address)));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var request = proxy.Client.GetAsync("/", leaving.Token);
        await TestProxy.UntilAsync(() => _backend.Received == 1, "the request arrives");

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        var line = await _log.SingleAsync();
        Assert.Equal("client_abort", Text(line, "outcome"));
        Assert.False(line.TryGetProperty("status", out _));
    }

    [Fact]
    public async Task WebSocket_Ended_IsToldOnce()
    {
        _backend.Answer = async context =>
        {
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            await accepted.ReceiveAsync(new byte[10], context.RequestAborted);
            await accepted.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        };
        await using var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address)));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{proxy.Address.Authority}/socket"), Cancellation);
        Assert.Empty(_log.Lines);

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);

        var line = await _log.SingleAsync();
        Assert.Equal((101, "success", "/socket"), (Number(line, "status"), Text(line, "outcome"), Text(line, "path")));
        Assert.False(line.TryGetProperty("responseBytes", out _));
    }

    [Fact]
    public async Task Request_WithoutRoute_IsTold()
    {
        await using var proxy = await ServeAsync(Snapshots.Of(1, [Snapshots.At(_backend.Address)], [], 0, route => route.PathPrefix = "/shop"));

        Assert.Equal(HttpStatusCode.NotFound, (await proxy.Client.GetAsync("/other", Cancellation)).StatusCode);

        var line = await _log.SingleAsync();
        Assert.Equal((404, "no_route", "/other"), (Number(line, "status"), Text(line, "outcome"), Text(line, "path")));
        Assert.False(line.TryGetProperty("route", out _));
    }

    [Theory]
    [InlineData("a\"}\\u000a{\"status\":200,\"x\":\"")]
    [InlineData("tab\there \x1b[31m \u0085 \u2028")]
    [InlineData("\\")]
    public async Task Text_OfAClient_StaysInItsString(string agent)
    {
        await using var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address)));
        // The server takes a header's bytes for characters one by one, so that is what can arrive.
        var wire = string.Concat(agent.Where(c => c is '\t' or >= ' ' and <= '\xff'));

        await RawClient.SendAsync(proxy, $"GET /\"%0d%0a{{ HTTP/1.1\r\nHost: x\r\nUser-Agent: {wire}\r\nConnection: close\r\n\r\n", Cancellation);

        var line = await _log.SingleAsync();
        Assert.Equal((wire.Trim(' ', '\t'), "/\"%0d%0a{"), (Text(line, "userAgent"), Text(line, "path")));
        Assert.DoesNotContain(_log.Lines[0], c => char.IsControl(c));
    }

    [Fact]
    public async Task Text_Long_IsCut()
    {
        await using var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address)));

        (await proxy.Client.GetAsync("/" + new string('x', 5000), Cancellation)).Dispose();

        Assert.Equal(1024, Text(await _log.SingleAsync(), "path")!.Length);
    }

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long? Number(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    private static void Patient(Route route)
    {
        route.Stable.Outliers = new OutlierEjection { Unreachable = 1000 };
        if (route.Canary is not null)
            route.Canary.Outliers = route.Stable.Outliers.Clone();
    }

    private Task<TestProxy> ServeAsync(Snapshot snapshot, Func<AccessLogOptions, AccessLogOptions>? change = null)
    {
        var log = new AccessLogOptions { Sink = _log };
        return TestProxy.StartAsync(Cancellation, snapshot, options => options with { AccessLog = change?.Invoke(log) ?? log });
    }
}
