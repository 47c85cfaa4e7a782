using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using MeshCanary.Contracts;
using MeshCanary.Contracts.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>A controller that does what the test says: real gRPC, scripted answers.</summary>
internal sealed class FakeController : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ControllerStream, bool> _streams = new();
    private readonly IPEndPoint _listen;
    private int _closedInOrder;
    private WebApplication? _app;

    private FakeController(IPEndPoint listen) => _listen = listen;

    /// <summary>Sent to every stream after Welcome, and at once to those that are open when it is set by <see cref="SendAsync"/>.</summary>
    public Snapshot? Present { get; private set; }

    /// <summary>Ends every call at once, when set.</summary>
    public Status? Refusal { get; set; }

    /// <summary>Address of the controller that leads; null when this one does. Empty when it knows of none.</summary>
    public string? Leader { get; set; }

    /// <summary>Whether reports are receipted.</summary>
    public bool Receipts { get; set; } = true;

    public uint ReportIntervalMs { get; init; } = 20;

    public ConcurrentQueue<Hello> Hellos { get; } = [];

    public ConcurrentQueue<string?> Credentials { get; } = [];

    public ConcurrentQueue<Ack> Acks { get; } = [];

    public ConcurrentQueue<Nack> Nacks { get; } = [];

    public ReportStore Store { get; } = new();

    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>Streams that the proxy itself closed.</summary>
    public int ClosedInOrder => Volatile.Read(ref _closedInOrder);

    public int OpenStreams => _streams.Count;

    public static async Task<FakeController> StartAsync(CancellationToken cancellation, int port = 0, string address = "127.0.0.1")
    {
        var controller = new FakeController(new IPEndPoint(IPAddress.Parse(address), port));
        await controller.ListenAsync(cancellation);
        return controller;
    }

    public async Task SendAsync(Snapshot snapshot)
    {
        Present = snapshot;
        foreach (var stream in _streams.Keys)
            await stream.SendAsync(new ControllerMessage { Snapshot = snapshot });
    }

    public async Task AllowAsync(Allowance allowance)
    {
        foreach (var stream in _streams.Keys)
            await stream.SendAsync(new ControllerMessage { Allowance = allowance });
    }

    /// <summary>Breaks every stream without a word.</summary>
    public void DropStreams()
    {
        foreach (var stream in _streams.Keys)
            stream.Drop();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app)
            return;
        DropStreams();
        await app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.DisposeAsync();
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(_listen, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcService<Service>();
        await _app.StartAsync(cancellation);
        Address = new Uri(_app.Urls.Single());
    }

    private async Task ServeAsync(ControllerStream stream, ServerCallContext context)
    {
        Credentials.Enqueue(context.RequestHeaders.GetValue("authorization"));
        if (Refusal is { } refusal)
            throw new RpcException(refusal);
        if (Leader is { } leader)
            throw new RpcException(new Status(StatusCode.Unavailable, "not the leader"), new Metadata { { Trailers.Leader, leader } });

        try
        {
            while (await stream.ReadAsync(context.CancellationToken) is { } message)
                await AnswerAsync(stream, message);
        }
        finally
        {
            if (stream.ClosedInOrder)
                Interlocked.Increment(ref _closedInOrder);
            _streams.TryRemove(stream, out _);
        }
    }

    private async Task AnswerAsync(ControllerStream stream, ProxyMessage message)
    {
        switch (message.BodyCase)
        {
            case ProxyMessage.BodyOneofCase.Hello:
                Hellos.Enqueue(message.Hello);
                await stream.SendAsync(new ControllerMessage { Welcome = new Welcome { ProtocolVersion = 1, ControllerId = "fake", ReportIntervalMs = ReportIntervalMs } });
                _streams.TryAdd(stream, true);
                if (Present is { } present)
                    await stream.SendAsync(new ControllerMessage { Snapshot = present });
                break;
            case ProxyMessage.BodyOneofCase.Ack:
                Acks.Enqueue(message.Ack);
                break;
            case ProxyMessage.BodyOneofCase.Nack:
                Nacks.Enqueue(message.Nack);
                break;
            case ProxyMessage.BodyOneofCase.Report:
                Store.Add(message.Report);
                if (Receipts)
                    await stream.SendAsync(new ControllerMessage { Receipt = new Receipt { Sequence = message.Report.Sequence } });
                break;
        }
    }

    private sealed class Service(FakeController controller) : ProxyControl.ProxyControlBase
    {
        public override Task Connect(
            IAsyncStreamReader<ProxyMessage> requestStream, IServerStreamWriter<ControllerMessage> responseStream, ServerCallContext context) =>
            controller.ServeAsync(new ControllerStream(requestStream, responseStream, context.GetHttpContext()), context);
    }
}
