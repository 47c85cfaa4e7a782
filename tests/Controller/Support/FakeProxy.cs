using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using MeshCanary.Contracts;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Support;

/// <summary>A proxy that does what the test says: the protocol's other end. What is not receipted it keeps and sends again.</summary>
internal sealed class FakeProxy(string name, string? instance = null) : IAsyncDisposable
{
    private readonly SortedDictionary<ulong, Wire.IntervalReport> _kept = [];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writing = new(1);
    private GrpcChannel? _channel;
    private AsyncDuplexStreamingCall<Wire.ProxyMessage, Wire.ControllerMessage>? _call;
    private Task _reading = Task.CompletedTask;
    private ulong _sequence;

    public string Name { get; } = name;

    public string Instance { get; } = instance ?? Guid.NewGuid().ToString("N");

    /// <summary>Answers a snapshot; null says nothing.</summary>
    public Func<Wire.Snapshot, Wire.ProxyMessage?> Answer { get; set; } = Ack;

    public ConcurrentQueue<Wire.Snapshot> Snapshots { get; } = new();

    public ConcurrentQueue<ulong> Receipts { get; } = new();

    public ConcurrentQueue<Wire.Allowance> Allowances { get; } = new();

    public Wire.Welcome? Welcome { get; private set; }

    public ulong Receipted { get; private set; }

    /// <summary>Sequence of the last report.</summary>
    public ulong Reported => _sequence;

    public Wire.Snapshot? Newest => Snapshots.LastOrDefault();

    /// <summary>How the stream ended; null while it is open.</summary>
    public RpcException? Ended { get; private set; }

    /// <summary>Receipts are lost on their way.</summary>
    public bool LosesReceipts { get; set; }

    public Wire.Hello Hello { get; set; } = new();

    public static Wire.ProxyMessage Ack(Wire.Snapshot snapshot) => new() { Ack = new Wire.Ack { Version = snapshot.Version } };

    public static Wire.ProxyMessage Nack(Wire.Snapshot snapshot, string reason) => new() { Nack = new Wire.Nack { Version = snapshot.Version, Reasons = { reason } } };

    /// <summary>Connects (again), says hello, and sends what is kept.</summary>
    public async Task ConnectAsync(IPEndPoint control, string? token = null, HttpMessageHandler? handler = null)
    {
        await BreakAsync();
        Ended = null;
        var scheme = handler is null ? "http" : "https";
        _channel = GrpcChannel.ForAddress($"{scheme}://{control}", new GrpcChannelOptions { HttpHandler = handler ?? new SocketsHttpHandler(), DisposeHttpClient = true });
        var headers = token is null ? null : new Metadata { { "authorization", $"Bearer {token}" } };
        _call = new Wire.ProxyControl.ProxyControlClient(_channel).Connect(headers, cancellationToken: TestContext.Current.CancellationToken);
        var hello = new Wire.Hello
        {
            ProtocolVersion = ProtocolVersion.Current,
            ProxyName = Name,
            InstanceId = Instance,
            SoftwareVersion = "test",
            ActiveVersion = Newest?.Version ?? 0,
            Histogram = Counts.Layout,
        };
        hello.MergeFrom(Hello);
        var call = _call;
        try
        {
            await call.RequestStream.WriteAsync(new Wire.ProxyMessage { Hello = hello });
            List<Wire.IntervalReport> kept;
            lock (_gate)
                kept = [.. _kept.Values];
            foreach (var report in kept)
                await call.RequestStream.WriteAsync(new Wire.ProxyMessage { Report = report });
        }
        catch (Exception refused) when (refused is RpcException or InvalidOperationException)
        {
            // The reading side tells why.
        }

        _reading = ReadAsync(call);
    }

    /// <summary>Makes a report; it is sent if the stream is open, and kept until it is receipted.</summary>
    public async Task<ulong> ReportAsync(DateTimeOffset start, DateTimeOffset end, params Wire.RouteCounts[] routes)
    {
        var report = new Wire.IntervalReport { Sequence = ++_sequence, StartUnixMs = start.ToUnixTimeMilliseconds(), EndUnixMs = end.ToUnixTimeMilliseconds() };
        report.Routes.AddRange(routes);
        lock (_gate)
            _kept[report.Sequence] = report;
        await SendAsync(report);
        return report.Sequence;
    }

    /// <summary>Sends a report as it is, whatever became of it before.</summary>
    public async Task SendAsync(Wire.IntervalReport report)
    {
        if (_call is { } call && Ended is null)
            await WriteAsync(call, new Wire.ProxyMessage { Report = report });
    }

    public Task SendAsync(Wire.ProxyMessage message) => WriteAsync(_call!, message);

    /// <summary>Stops as a proxy does that is told to: it closes the stream in order.</summary>
    public async Task StopAsync()
    {
        await _call!.RequestStream.CompleteAsync();
        await EndsAsync();
    }

    /// <summary>The connection breaks.</summary>
    public async Task BreakAsync()
    {
        _call?.Dispose();
        _call = null;
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _channel?.Dispose();
        _channel = null;
    }

    public Task EndsAsync() => Eventually.Holds(() => Ended is not null, $"The stream of {Name} does not end");

    public async ValueTask DisposeAsync()
    {
        await BreakAsync();
        _writing.Dispose();
    }

    // A stream takes one message at a time.
    private async Task WriteAsync(AsyncDuplexStreamingCall<Wire.ProxyMessage, Wire.ControllerMessage> call, Wire.ProxyMessage message)
    {
        await _writing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await call.RequestStream.WriteAsync(message);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync(AsyncDuplexStreamingCall<Wire.ProxyMessage, Wire.ControllerMessage> call)
    {
        try
        {
            await foreach (var message in call.ResponseStream.ReadAllAsync())
                await TakeAsync(call, message);
            Ended = new RpcException(new Status(StatusCode.OK, "ended"));
        }
        catch (RpcException ended)
        {
            Ended = ended;
        }
    }

    private async Task TakeAsync(AsyncDuplexStreamingCall<Wire.ProxyMessage, Wire.ControllerMessage> call, Wire.ControllerMessage message)
    {
        switch (message.BodyCase)
        {
            case Wire.ControllerMessage.BodyOneofCase.Welcome:
                Welcome = message.Welcome;
                break;
            case Wire.ControllerMessage.BodyOneofCase.Snapshot:
                Snapshots.Enqueue(message.Snapshot);
                if (Answer(message.Snapshot) is { } answer)
                    await WriteAsync(call, answer);
                break;
            case Wire.ControllerMessage.BodyOneofCase.Allowance:
                Allowances.Enqueue(message.Allowance);
                break;
            case Wire.ControllerMessage.BodyOneofCase.Receipt when !LosesReceipts:
                lock (_gate)
                {
                    foreach (var done in _kept.Keys.Where(sequence => sequence <= message.Receipt.Sequence).ToList())
                        _kept.Remove(done);
                    Receipted = message.Receipt.Sequence;
                }

                Receipts.Enqueue(message.Receipt.Sequence);
                break;
        }
    }
}
