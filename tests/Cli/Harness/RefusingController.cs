using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshCanary.Cli.Tests.Harness;

/// <summary>A controller that ends every proxy's stream with a gRPC status.</summary>
internal sealed class RefusingController : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RefusingController(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static async Task<RefusingController> StartAsync(int grpcStatus, string message)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = $"{grpcStatus}";
            context.Response.Headers["grpc-message"] = Uri.EscapeDataString(message);
            return Task.CompletedTask;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RefusingController(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
