using System.Net;
using MeshCanary.Controller.Distribution;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Hosting;

/// <summary>Serves the port that proxies connect to.</summary>
internal static class ControlHost
{
    // Reports of many routes are long; a snapshot of ten thousand is some megabytes.
    private const int LargestMessage = 64 * 1024 * 1024;

    /// <summary>Starts to serve.</summary>
    /// <param name="address">Where.</param>
    /// <param name="secure">Puts TLS before it; null for none. See <see cref="ControlTls"/>.</param>
    /// <param name="parts">Who decides on proxies.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<WebHost> StartAsync(
        IPEndPoint address, Action<ListenOptions>? secure, ControlParts parts, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebHost.CreateBuilder(address, loggers, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            secure?.Invoke(listen);
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Streams are open for days; whether the other side is still there is asked by ping.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = LargestMessage;
            grpc.MaxSendMessageSize = null;
        });
        builder.Services.AddSingleton(parts.Leadership).AddSingleton(parts.Gate).AddSingleton(parts.Directory).AddSingleton(new HelloReader(parts.Time));
        var app = builder.Build();
        app.MapGrpcService<ProxyControlEndpoint>();
        return WebHost.StartAsync(app, address, "proxy port", cancellationToken);
    }
}
