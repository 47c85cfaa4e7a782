using System.Net;
using System.Threading.Channels;
using Grpc.Core;
using MeshCanary.Contracts;
using MeshCanary.Testing.Waiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Soak.Control;

/// <summary>
/// The controller's side of the protocol for one proxy: gives it snapshots, adds up its reports, and breaks the stream or
/// keeps receipts back when it is told to. Thread-safe.
/// </summary>
internal sealed class ControlStand : Wire.ProxyControl.ProxyControlBase, IAsyncDisposable
{
    private const uint ReportIntervalMilliseconds = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Wire.Snapshot _snapshot = new() { Version = 1 };
    private readonly WebApplication _app;
    private Channel<Wire.ControllerMessage>? _outgoing;
    private HttpContext? _stream;
    private string? _refusal;
    private ulong _acknowledged;
    private int _cuts;
    private volatile bool _isCalm;

    private ControlStand()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcService<ControlStand>();
    }

    /// <summary>Where the proxy connects.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>What was reported.</summary>
    public ReportTotals Reports { get; } = new();

    /// <summary>Streams that were broken.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Starts it.</summary>
    public static async Task<ControlStand> StartAsync(CancellationToken cancellation)
    {
        var stand = new ControlStand();
        await stand._app.StartAsync(cancellation);
        return stand;
    }

    /// <summary>Gives out routes, each in the place of the one of its name, in one snapshot.</summary>
    public void Publish(params IEnumerable<Wire.Route> routes)
    {
        lock (_gate)
        {
            _snapshot.Version++;
            foreach (var route in routes)
            {
                if (_snapshot.Routes.FirstOrDefault(known => known.Name == route.Name) is { } before)
                    _snapshot.Routes.Remove(before);
                _snapshot.Routes.Add(route);
            }

            _outgoing?.Writer.TryWrite(new Wire.ControllerMessage { Snapshot = _snapshot.Clone() });
        }
    }

    /// <summary>Waits until the proxy has the newest snapshot.</summary>
    /// <exception cref="InvalidOperationException">It refused one.</exception>
    public async Task AcknowledgedAsync(CancellationToken cancellation)
    {
        await Eventually.TrueAsync(
            () =>
            {
                lock (_gate)
                    return _acknowledged >= _snapshot.Version || _refusal is not null;
            },
            Patience, "the proxy acknowledges the newest snapshot", cancellation: cancellation);
        if (_refusal is { } refusal)
            throw new InvalidOperationException($"The proxy refused a snapshot: {refusal}");
    }

    /// <summary>Breaks the stream.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            if (_stream is null)
                return;
            _stream.Abort();
            _stream = null;
            Interlocked.Increment(ref _cuts);
        }
    }

    /// <summary>From now on every report is receipted at once.</summary>
    public void Calm() => _isCalm = true;

    /// <inheritdoc/>
    public override async Task Connect(
        IAsyncStreamReader<Wire.ProxyMessage> requestStream, IServerStreamWriter<Wire.ControllerMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken))
            return;
        var outgoing = Channel.CreateUnbounded<Wire.ControllerMessage>();
        outgoing.Writer.TryWrite(new Wire.ControllerMessage
        {
            Welcome = new Wire.Welcome { ProtocolVersion = ProtocolVersion.Current, ControllerId = "soak", ReportIntervalMs = ReportIntervalMilliseconds },
        });
        lock (_gate)
        {
            (_outgoing, _stream) = (outgoing, context.GetHttpContext());
            outgoing.Writer.TryWrite(new Wire.ControllerMessage { Snapshot = _snapshot.Clone() });
        }

        var writing = WriteAsync(outgoing.Reader, responseStream, context.CancellationToken);
        try
        {
            await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken))
                Take(message, outgoing.Writer);
        }
        finally
        {
            outgoing.Writer.TryComplete();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    private static async Task WriteAsync(
        ChannelReader<Wire.ControllerMessage> outgoing, IServerStreamWriter<Wire.ControllerMessage> responses, CancellationToken cancellation)
    {
        await foreach (var message in outgoing.ReadAllAsync(cancellation))
            await responses.WriteAsync(message, cancellation);
    }

    private void Take(Wire.ProxyMessage message, ChannelWriter<Wire.ControllerMessage> outgoing)
    {
        switch (message.BodyCase)
        {
            case Wire.ProxyMessage.BodyOneofCase.Ack:
                lock (_gate)
                    _acknowledged = Math.Max(_acknowledged, message.Ack.Version);
                break;
            case Wire.ProxyMessage.BodyOneofCase.Nack:
                lock (_gate)
                    _refusal = string.Join(' ', message.Nack.Reasons);
                break;
            case Wire.ProxyMessage.BodyOneofCase.Report:
                Reports.Add(message.Report);
                // One in five is lost: the next one is for both, or the report comes again.
                if (_isCalm || message.Report.Sequence % 5 != 0)
                    outgoing.TryWrite(new Wire.ControllerMessage { Receipt = new Wire.Receipt { Sequence = message.Report.Sequence } });
                break;
            default:
                break;
        }
    }
}
