using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Google.Protobuf;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Telling;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Proxy.Tests.Protos;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Tests.Telling;

// Sources of spans are known by name in the whole process: one class, so that its tests run one after the other.
public sealed class TracingTests : IAsyncLifetime
{
    private const int Server = 2;
    private const int Client = 3;
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Recorded = $"00-{TraceId}-00f067aa0ba902b7-01";
    private const string NotRecorded = $"00-{TraceId}-00f067aa0ba902b7-00";

    private readonly ConcurrentQueue<IHeaderDictionary> _arrived = [];
    private readonly string _nowhere = $"http://127.0.0.1:{FreePort.Find()}";
    private TestBackend _backend = null!;
    private OtlpReceiver _receiver = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _receiver = await OtlpReceiver.StartAsync(overHttp: false, Cancellation);
        _backend = await TestBackend.StartAsync(new TestBackendOptions { Answer = Answering(BackendAnswers.Ok) }, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("2.0", false)]
    [InlineData("1.1", true)]
    public async Task Request_OfARecordedTrace_HasAServerSpanAndAClientSpan(string version, bool overHttp)
    {
        await using var receiver = await OtlpReceiver.StartAsync(overHttp, Cancellation);
        await using (var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address)), new TraceOptions { Endpoint = receiver.Address, OverHttp = overHttp }))
        {
            using var client = proxy.NewClient(Version.Parse(version));
            await SendAsync(client, "/a%20b?token=secret", ("traceparent", Recorded), ("tracestate", "vendor=1"), ("baggage", "k=v"), ("User-Agent", "tests/1"));
        }

        Assert.Equal(2, receiver.Spans.Count);
        var (server, sent) = (receiver.Spans.Single(span => span.Kind == Server), receiver.Spans.Single(span => span.Kind == Client));
        Assert.Equal((TraceId, "00f067aa0ba902b7", "vendor=1", "GET"), (Hex(server.TraceId), Hex(server.ParentSpanId), server.TraceState, server.Name));
        Assert.Equal((TraceId, Hex(server.SpanId), "vendor=1"), (Hex(sent.TraceId), Hex(sent.ParentSpanId), sent.TraceState));
        var at = Snapshots.At(_backend.Address);
        Assert.Equal(
            [
                "client.address=127.0.0.1", "http.request.method=GET", "http.response.status_code=200", "meshcanary.arm=stable", $"meshcanary.endpoint={at}",
                "meshcanary.outcome=success", "meshcanary.revision=v1", "meshcanary.route=shop/checkout", "network.peer.address=127.0.0.1",
                $"network.protocol.version={version.Replace(".0", "", StringComparison.Ordinal)}", "server.address=127.0.0.1", "url.path=/a%20b", "url.scheme=http", "user_agent.original=tests/1",
            ],
            Told(server, except: ["server.port", "network.peer.port"]));
        Assert.Equal(
            [
                "http.request.method=GET", "http.response.status_code=200", "meshcanary.revision=v1", "network.peer.address=127.0.0.1", $"network.peer.port={_backend.Address.Port}",
                "server.address=127.0.0.1", $"server.port={_backend.Address.Port}", $"url.full={at}/a%20b",
            ],
            Told(sent));
        Assert.InRange(sent.EndTimeUnixNano, sent.StartTimeUnixNano, server.EndTimeUnixNano);
        Assert.Equal((0, 0), (server.Status?.Code ?? 0, sent.Status?.Code ?? 0));

        var headers = Assert.Single(_arrived);
        Assert.Equal($"00-{TraceId}-{Hex(sent.SpanId)}-01", headers.TraceParent.ToString());
        Assert.Equal(("vendor=1", "k=v"), (headers.TraceState.ToString(), headers.Baggage.ToString()));
        var resource = receiver.Received[0].Resource.Attributes.ToDictionary(it => it.Key, it => it.Value.StringValue);
        Assert.Equal(("meshcanary-proxy", "test"), (resource["service.name"], resource["service.instance.id"]));
    }

    [Theory]
    [InlineData("traceparent", NotRecorded)]
    [InlineData("traceparent", Recorded)]
    [InlineData("traceparent", "nonsense")]
    [InlineData("traceparent", null)]
    public async Task Trace_WithSpansOff_IsPassedOnUntouched(string name, string? value)
    {
        await using var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address)), traces: null);

        await SendAsync(proxy.Client, "/", value is null ? [("tracestate", "a=1"), ("baggage", "k=v")] : [(name, value), ("tracestate", "a=1"), ("baggage", "k=v")]);

        var headers = Assert.Single(_arrived);
        Assert.Equal((value ?? "", "a=1", "k=v"), (headers[name].ToString(), headers.TraceState.ToString(), headers.Baggage.ToString()));
    }

    [Fact]
    public async Task Trace_NotRecordedByWhoBeganIt_IsPassedOnUntouched()
    {
        await using (var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address))))
            await SendAsync(proxy.Client, "/", ("traceparent", NotRecorded), ("tracestate", "a=1"));

        Assert.Empty(_receiver.Spans);
        var headers = Assert.Single(_arrived);
        Assert.Equal((NotRecorded, "a=1"), (headers.TraceParent.ToString(), headers.TraceState.ToString()));
    }

    [Theory]
    [InlineData(1.0, "01")]
    [InlineData(0.0, "00")]
    public async Task Trace_BegunHere_IsRecordedByTheShareAndTheUpstreamIsTold(double share, string flags)
    {
        await using (var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address)), Traces() with { Share = share }))
            await SendAsync(proxy.Client, "/", ("traceparent", "nonsense"), ("tracestate", "a=1"));

        Assert.Equal(share > 0 ? 2 : 0, _receiver.Spans.Count);
        Assert.All(_receiver.Spans.Where(span => span.Kind == Server), span => Assert.Empty(span.ParentSpanId));
        var headers = Assert.Single(_arrived);
        Assert.Matches($"^00-[0-9a-f]{{32}}-[0-9a-f]{{16}}-{flags}$", headers.TraceParent.ToString());
        Assert.Empty(headers.TraceState.ToString());
    }

    [Fact]
    public async Task Trace_OfALaterVersion_IsFollowed()
    {
        await using (var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address))))
            await SendAsync(proxy.Client, "/", ("traceparent", $"01{Recorded[2..]}-more"));

        Assert.All(_receiver.Spans, span => Assert.Equal(TraceId, Hex(span.TraceId)));
        Assert.Equal(2, _receiver.Spans.Count);
    }

    [Fact]
    public async Task Canary_CannotBeReached_EachAttemptHasASpan()
    {
        await using (var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address), _nowhere, 10_000, Patient)))
            await SendAsync(proxy.Client, "/", ("traceparent", Recorded));

        var server = _receiver.Spans.Single(span => span.Kind == Server);
        Assert.Contains("meshcanary.diverted=not_ready", Told(server));
        Assert.Contains("meshcanary.arm=canary", Told(server));
        Assert.Equal(0, server.Status?.Code ?? 0);
        var attempts = _receiver.Spans.Where(span => span.Kind == Client).OrderBy(span => span.StartTimeUnixNano).ToList();
        Assert.Equal(2, attempts.Count);
        Assert.Equal((2, 0), (attempts[0].Status.Code, attempts[1].Status?.Code ?? 0));
        Assert.Contains("error.type=unreachable", Told(attempts[0]));
        Assert.Contains("meshcanary.revision=v2", Told(attempts[0]));
        Assert.Contains("http.request.resend_count=1", Told(attempts[1]));
        Assert.Equal(Hex(attempts[1].SpanId), Assert.Single(_arrived).TraceParent.ToString().Split('-')[2]);
    }

    [Fact]
    public async Task Upstream_Fails_BothSpansSaySo()
    {
        _backend.Answer = BackendAnswers.Status(503);
        await using (var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address))))
            await SendAsync(proxy.Client, "/", ("traceparent", Recorded));

        Assert.All(_receiver.Spans, span => Assert.Equal(2, span.Status.Code));
        Assert.All(_receiver.Spans, span => Assert.Contains("error.type=503", Told(span)));
        Assert.Contains("meshcanary.outcome=server_error", Told(_receiver.Spans.Single(span => span.Kind == Server)));
    }

    [Fact]
    public async Task Request_NotFound_IsTheClientsErrorOnly()
    {
        _backend.Answer = BackendAnswers.Status(404);
        await using (var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address))))
            await SendAsync(proxy.Client, "/", ("traceparent", Recorded));

        Assert.Equal(0, _receiver.Spans.Single(span => span.Kind == Server).Status?.Code ?? 0);
        Assert.Equal(2, _receiver.Spans.Single(span => span.Kind == Client).Status.Code);
    }

    [Fact]
    public async Task WebSocket_OfARecordedTrace_HasSpansToo()
    {
        _backend.Answer = Answering(async context =>
        {
            using var accepted = await context.WebSockets.AcceptWebSocketAsync();
            await accepted.ReceiveAsync(new byte[10], context.RequestAborted);
            await accepted.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        await using (var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address))))
        {
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("traceparent", Recorded);
            await socket.ConnectAsync(new Uri($"ws://{proxy.Address.Authority}/socket"), Cancellation);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        }

        Assert.Equal(2, _receiver.Spans.Count);
        Assert.All(_receiver.Spans, span => Assert.Contains("http.response.status_code=101", Told(span)));
        Assert.Equal(Hex(_receiver.Spans.Single(span => span.Kind == Client).SpanId), Assert.Single(_arrived).TraceParent.ToString().Split('-')[2]);
    }

    [Fact]
    public async Task Mirror_OfARecordedTrace_IsCausedByTheServerSpan()
    {
        await using var canary = await TestBackend.StartAsync(new TestBackendOptions { Version = "v2", Answer = Answering(BackendAnswers.Ok) }, Cancellation);
        await using (var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address), Snapshots.At(canary.Address), 0, route => route.Mirror = new Mirror { Share = 10_000 })))
        {
            await SendAsync(proxy.Client, "/", ("traceparent", Recorded));
            await TestProxy.UntilAsync(() => _arrived.Count == 2, "the copy arrives");
        }

        Assert.Equal(2, _receiver.Spans.Count);
        var copy = _arrived.Single(headers => headers.ContainsKey("X-MeshCanary-Mirror"));
        Assert.Equal(Hex(_receiver.Spans.Single(span => span.Kind == Server).SpanId), copy.TraceParent.ToString().Split('-')[2]);
    }

    [Fact]
    public async Task Receiver_Away_RequestsGoOnAndItIsTold()
    {
        await using var proxy = await ServeAsync(Snapshots.Of(1, Snapshots.At(_backend.Address)), new TraceOptions { Endpoint = new Uri(_nowhere) });
        await SendAsync(proxy.Client, "/", ("traceparent", Recorded));

        await proxy.Server.StopAsync(Cancellation);

        await TestProxy.UntilAsync(() => proxy.Log.Lines.Any(line => line.Text.Contains("Spans cannot be sent", StringComparison.Ordinal)), "the fault is told");
    }

    private static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);

    private static List<string> Told(Span span, params string[] except) =>
    [
        .. span.Attributes.Where(it => !except.Contains(it.Key)).OrderBy(it => it.Key, StringComparer.Ordinal)
            .Select(it => $"{it.Key}={(it.Value.HasStringValue ? it.Value.StringValue : it.Value.IntValue.ToString(CultureInfo.InvariantCulture))}"),
    ];

    private static void Patient(Route route)
    {
        route.Stable.Outliers = new OutlierEjection { Unreachable = 1000 };
        route.Canary.Outliers = route.Stable.Outliers.Clone();
    }

    private static async Task SendAsync(HttpClient client, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, Cancellation);
        Assert.NotEqual(HttpStatusCode.Unused, response.StatusCode);
    }

    private RequestDelegate Answering(RequestDelegate answer) => context =>
    {
        var headers = new HeaderDictionary();
        foreach (var (name, values) in context.Request.Headers)
            headers[name] = values;
        _arrived.Enqueue(headers);
        return answer(context);
    };

    private TraceOptions Traces() => new() { Endpoint = _receiver.Address };

    private Task<TestProxy> ServeAsync(Snapshot snapshot) => ServeAsync(snapshot, Traces());

    private static Task<TestProxy> ServeAsync(Snapshot snapshot, TraceOptions? traces) =>
        TestProxy.StartAsync(Cancellation, snapshot, (ProxyOptions options) => options with { Traces = traces });
}
