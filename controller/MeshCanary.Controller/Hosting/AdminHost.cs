using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace MeshCanary.Controller.Hosting;

/// <summary>Serves health and metrics on a port of their own, where others may reach them: nothing there says or does more.</summary>
internal static class AdminHost
{
    /// <summary>Starts to serve.</summary>
    /// <param name="address">Where.</param>
    /// <param name="unready">Why this process should get no work, in plain words; null when it should.</param>
    /// <param name="registry">The figures.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<WebHost> StartAsync(IPEndPoint address, Func<string?> unready, CollectorRegistry registry, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var app = WebHost.CreateBuilder(address, loggers, listen => listen.Protocols = HttpProtocols.Http1).Build();
        // What keeps it from being ready is mostly the API server: a restart would not mend that.
        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapGet("/readyz", () => unready() is { } reason ? Results.Text(reason, statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ok"));
        app.MapMetrics(settings => settings.Registry = registry, "/metrics");
        return WebHost.StartAsync(app, address, "admin port", cancellationToken);
    }
}
