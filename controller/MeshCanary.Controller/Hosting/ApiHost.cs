using System.Net;
using MeshCanary.Controller.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace MeshCanary.Controller.Hosting;

/// <summary>Serves the API, health and metrics.</summary>
internal static class ApiHost
{
    private const long LargestBody = 1024 * 1024;

    /// <summary>Starts to serve.</summary>
    public static Task<WebHost> StartAsync(IPEndPoint address, ApiParts parts, CollectorRegistry registry, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebHost.CreateBuilder(address, loggers, listen => listen.Protocols = HttpProtocols.Http1);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LargestBody);
        var app = builder.Build();
        app.UseMiddleware<ApiGuard>();
        var api = app.MapGroup("/api/v1");
        CanaryEndpoints.Map(api, parts);
        RequestEndpoints.Map(api, parts);
        EventEndpoints.Map(api, parts);
        RunEndpoints.Map(api, parts);
        HealthEndpoints.Map(app, parts);
        app.MapMetrics(settings => settings.Registry = registry, "/metrics");
        return WebHost.StartAsync(app, address, "API", cancellationToken);
    }
}
