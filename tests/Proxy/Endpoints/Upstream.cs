using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace MeshCanary.Proxy.Tests.Endpoints;

/// <summary>An upstream on an address of loopback, with a certificate and gRPC health where the test wants them.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Upstream(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>Certificate that the server shows; may change.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>What is shown to the server, by its subject.</summary>
    public ConcurrentQueue<string?> Clients { get; } = [];

    /// <summary>Names that connections asked for.</summary>
    public ConcurrentQueue<string?> Names { get; } = [];

    public HealthServiceImpl? Health { get; private set; }

    public static async Task<Upstream> StartAsync(
        HttpProtocols protocols, X509Certificate2? certificate = null, bool health = false, string address = "127.0.0.1", int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        Upstream? upstream = null;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(address), port, listen =>
        {
            listen.Protocols = protocols;
            if (certificate is not null)
                listen.UseHttps(https => Configure(https, () => upstream?.Certificate));
        }));
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        var implementation = new HealthServiceImpl();
        builder.Services.AddSingleton(implementation);
        var app = builder.Build();
        upstream = new Upstream(app) { Certificate = certificate, Health = implementation };
        app.UseRouting();
        if (health)
            app.MapGrpcService<HealthServiceImpl>();
        app.MapGet("/", context =>
        {
            upstream.Clients.Enqueue(context.Connection.ClientCertificate?.Subject);
            upstream.Names.Enqueue(context.Features.Get<ITlsHandshakeFeature>()?.HostName);
            return context.Response.WriteAsync("ok", context.RequestAborted);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    private static void Configure(HttpsConnectionAdapterOptions https, Func<X509Certificate2?> certificate)
    {
        https.ServerCertificateSelector = (_, _) => certificate();
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.AllowAnyClientCertificate();
    }
}
