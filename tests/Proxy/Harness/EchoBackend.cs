using Grpc.Core;
using MeshCanary.Proxy.Tests.Protos;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>A gRPC server that says what it is told.</summary>
internal sealed class EchoBackend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private int _ended;

    private EchoBackend(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>Calls that ended, in whatever way.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public static async Task<EchoBackend> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        var app = builder.Build();
        var backend = new EchoBackend(app);
        app.Use(next => backend.Counted(next));
        app.UseRouting();
        app.MapGrpcService<Service>();
        await app.StartAsync(cancellation);
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    private RequestDelegate Counted(RequestDelegate next) => async context =>
    {
        try
        {
            await next(context);
        }
        finally
        {
            Interlocked.Increment(ref _ended);
        }
    };

    private sealed class Service : Echo.EchoBase
    {
        public override async Task<EchoReply> Say(EchoRequest request, ServerCallContext context)
        {
            if (request.FailWith != 0)
                throw new RpcException(new Status((StatusCode)request.FailWith, "as asked"));
            var told = context.RequestHeaders.Where(entry => entry.Key.StartsWith("echo-", StringComparison.Ordinal)).ToList();
            var headers = new Metadata();
            told.ForEach(headers.Add);
            if (told.Count > 0)
                await context.WriteResponseHeadersAsync(headers);
            told.ForEach(context.ResponseTrailers.Add);
            return new EchoReply { Text = request.Text };
        }

        public override async Task<EchoReply> Join(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
        {
            var reply = new EchoReply();
            await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
                reply.Text += request.Text;
            return reply;
        }

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
            {
                if (request.FailWith != 0)
                    throw new RpcException(new Status((StatusCode)request.FailWith, "as asked"));
                await responseStream.WriteAsync(new EchoReply { Text = request.Text }, context.CancellationToken);
            }
        }
    }
}
