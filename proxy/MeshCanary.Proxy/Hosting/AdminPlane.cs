using System.Net;
using MeshCanary.Proxy.Hosting.Listening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace MeshCanary.Proxy.Hosting;

/// <summary>The host that operators and probes talk to: <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c>. It outlives the data plane.</summary>
internal sealed class AdminPlane : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IPEndPoint _address;
    private ListenOptions? _listening;

    public AdminPlane(IPEndPoint address, CollectorRegistry registry, Readiness readiness, ILoggerFactory loggers)
    {
        _address = address;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, options => _listening = options);
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRouting();
        _app = builder.Build();

        _app.UseRouting();
        _app.MapMetrics("/metrics", registry);
        _app.MapGet("/healthz", context => Answer(context, obstacle: null));
        _app.MapGet("/readyz", context => Answer(context, readiness.Obstacle));
    }

    /// <summary>Where the endpoints are, with the port that was taken.</summary>
    public IPEndPoint Address => _listening?.IPEndPoint ?? _address;

    /// <exception cref="IOException">The address cannot be listened on; the message names it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception fault) when (ListenFault.Is(fault))
        {
            throw ListenFault.Describe(_address, "metrics and probes", fault);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task Answer(HttpContext context, string? obstacle)
    {
        context.Response.StatusCode = obstacle is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync((obstacle ?? "ok") + "\n", context.RequestAborted);
    }
}
