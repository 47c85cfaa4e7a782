using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using MeshCanary.Contracts.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>
/// Stands between proxies and the controller: breaks streams at moments of a seeded generator's choice, before or after a
/// report was passed on, and loses receipts or passes them on late.
/// </summary>
internal sealed class FaultRelay : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Random _chance;
    private readonly Uri _controller;
    private WebApplication? _app;
    private volatile bool _isCalm;
    private int _cuts;
    private int _lost;

    private FaultRelay(Uri controller, Random chance) => (_controller, _chance) = (controller, chance);

    /// <summary>Where proxies connect.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>Streams that it broke.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Receipts that it kept to itself.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Starts one.</summary>
    public static async Task<FaultRelay> StartAsync(Uri controller, Random chance, CancellationToken cancellation)
    {
        var relay = new FaultRelay(controller, chance);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(relay);
        relay._app = builder.Build();
        relay._app.UseRouting();
        relay._app.MapGrpcService<Service>();
        await relay._app.StartAsync(cancellation);
        relay.Address = new Uri(relay._app.Urls.Single());
        return relay;
    }

    /// <summary>From now on it passes everything on.</summary>
    public void Calm() => _isCalm = true;

    public async ValueTask DisposeAsync()
    {
        if (_app is null)
            return;
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(IAsyncStreamReader<ProxyMessage> fromProxy, IServerStreamWriter<ControllerMessage> toProxy, ServerCallContext context)
    {
        using var channel = GrpcChannel.ForAddress(_controller);
        using var call = new ProxyControl.ProxyControlClient(channel).Connect(cancellationToken: context.CancellationToken);
        var answers = AnswersAsync(call.ResponseStream, toProxy, context);
        try
        {
            await foreach (var message in fromProxy.ReadAllAsync(context.CancellationToken))
            {
                var isReport = message.BodyCase == ProxyMessage.BodyOneofCase.Report;
                if (isReport && Happens(0.1))
                    throw Cut(context);
                await call.RequestStream.WriteAsync(message, context.CancellationToken);
                if (isReport && Happens(0.1))
                    throw Cut(context);
            }

            await call.RequestStream.CompleteAsync();
            await answers;
        }
        finally
        {
            call.Dispose();
            await answers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AnswersAsync(IAsyncStreamReader<ControllerMessage> fromController, IServerStreamWriter<ControllerMessage> toProxy, ServerCallContext context)
    {
        ControllerMessage? late = null;
        await foreach (var message in fromController.ReadAllAsync(context.CancellationToken))
        {
            if (message.BodyCase == ControllerMessage.BodyOneofCase.Receipt && Happens(0.4))
            {
                // Kept back: it is lost, or comes after a newer one.
                late = message;
                Interlocked.Increment(ref _lost);
                continue;
            }

            await toProxy.WriteAsync(message, context.CancellationToken);
            if (late is not null && Happens(0.5))
                await toProxy.WriteAsync(late, context.CancellationToken);
            late = null;
        }
    }

    private bool Happens(double share)
    {
        lock (_gate)
            return !_isCalm && _chance.NextDouble() < share;
    }

    private RpcException Cut(ServerCallContext context)
    {
        Interlocked.Increment(ref _cuts);
        context.GetHttpContext().Abort();
        return new RpcException(new Status(StatusCode.Unavailable, "cut"));
    }

    private sealed class Service(FaultRelay relay) : ProxyControl.ProxyControlBase
    {
        public override Task Connect(IAsyncStreamReader<ProxyMessage> requestStream, IServerStreamWriter<ControllerMessage> responseStream, ServerCallContext context) =>
            relay.ServeAsync(requestStream, responseStream, context);
    }
}
