using Grpc.Core;
using MeshCanary.Proxy.Tests.Protos;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>A gRPC server that says what it is told.</summary>
internal sealed class EchoBackend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoBackend(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public static async Task<EchoBackend> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<Service>();
        await app.StartAsync(cancellation);
        return new EchoBackend(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    private sealed class Service : Echo.EchoBase
    {
        public override Task<EchoReply> Say(EchoRequest request, ServerCallContext context) => request.FailWith == 0
            ? Task.FromResult(new EchoReply { Text = request.Text })
            : throw new RpcException(new Status((StatusCode)request.FailWith, "as asked"));

        public override async Task Count(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
        {
            for (var i = 0; i < request.Replies; i++)
                await responseStream.WriteAsync(new EchoReply { Text = $"{i}" }, context.CancellationToken);
            if (request.FailWith != 0)
                throw new RpcException(new Status((StatusCode)request.FailWith, "as asked"));
        }

        public override async Task<EchoReply> First(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
        {
            await requestStream.MoveNext(context.CancellationToken);
            return new EchoReply { Text = requestStream.Current.Text };
        }

        public override async Task Chat(IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
        {
            await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
                await responseStream.WriteAsync(new EchoReply { Text = request.Text }, context.CancellationToken);
        }
    }
}
