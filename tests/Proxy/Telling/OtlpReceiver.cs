using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using MeshCanary.Proxy.Tests.Protos;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace MeshCanary.Proxy.Tests.Telling;

/// <summary>A receiver of spans on loopback, by gRPC or by protobuf over HTTP.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ResourceSpans> _received = [];
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public IReadOnlyList<ResourceSpans> Received => [.. _received];

    public IReadOnlyList<Span> Spans => [.. _received.SelectMany(it => it.ScopeSpans).SelectMany(it => it.Spans)];

    public static async Task<OtlpReceiver> StartAsync(bool overHttp, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = overHttp ? HttpProtocols.Http1 : HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<Receiving>();
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Services.GetRequiredService<Receiving>().Take = receiver.Take;
        app.UseRouting();
        app.MapGrpcService<Receiving>();
        app.MapPost("/v1/traces", receiver.TakeAsync);
        await app.StartAsync(cancellation);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Take(ExportTraceServiceRequest request)
    {
        foreach (var spans in request.ResourceSpans)
            _received.Enqueue(spans);
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Take(ExportTraceServiceRequest.Parser.ParseFrom(body.ToArray()));
    }

    private sealed class Receiving : TraceService.TraceServiceBase
    {
        public Action<ExportTraceServiceRequest> Take { get; set; } = static _ => { };

        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            Take(request);
            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }
}
