using MeshCanary.Proxy.Configuring;
using MeshCanary.Proxy.Forwarding;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;

namespace MeshCanary.Proxy.Hosting;

/// <summary>The host that clients talk to.</summary>
internal sealed class DataPlane : IAsyncDisposable
{
    private readonly WebApplication _app;

    public DataPlane(ProxyOptions options, RouteTableHolder tables, CounterBook counters, TimeProvider time, ILoggerFactory loggers)
    {
        Clients = new ClientSide(options, time, loggers);
        var plans = new ProxyPlanSource();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Clients.Configure);
        Clients.Register(builder.Services);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(options);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IProxyConfigProvider>(plans);
        builder.Services.AddSingleton<IConfigChangeListener>(plans);
        builder.Services.AddSingleton<IActiveHealthCheckPolicy, ProbePolicy>();
        builder.Services.AddReverseProxy()
            .AddTransforms<UpstreamTransforms>()
            .ConfigureHttpClient((_, handler) => UpstreamClient.Configure(handler, options.ConnectTimeout, time));

        _app = builder.Build();
        plans.Validator = _app.Services.GetRequiredService<IConfigValidator>();
        Clients.Attach(_app.Services);
        Compose(tables, time);
        var lookup = _app.Services.GetRequiredService<IProxyStateLookup>();
        Applier = new SnapshotApplier(
            new ProxyPlanner(options.UpstreamActivityTimeout),
            plans,
            new FirstProbe(_app.Services.GetRequiredService<IActiveHealthCheckMonitor>(), lookup),
            new RouteTableBuilder(lookup, counters),
            tables,
            counters);
    }

    public SnapshotApplier Applier { get; }

    /// <summary>Where clients connect.</summary>
    public ClientSide Clients { get; }

    /// <exception cref="IOException">An address cannot be listened on, or a certificate cannot be read; the message names it.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        await Clients.OpenAsync(cancellationToken);
    }

    /// <summary>Takes no new connection, lets requests end, and breaks off those that have not when the token is cancelled.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Clients.StopListeningAsync();
        await _app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Clients.StopListeningAsync();
        await _app.DisposeAsync();
        await Clients.DisposeAsync();
    }

    private void Compose(RouteTableHolder tables, TimeProvider time)
    {
        var endpoints = new EndpointWatch(
            _app.Services.GetRequiredService<IDestinationHealthUpdater>(),
            _app.Services.GetRequiredService<ILogger<EndpointWatch>>());

        _app.Use(Clients.Meet);
        _app.Use(next => context => IsClassicConnect(context) ? PlainAnswers.NoTunnels(context) : next(context));
        _app.UseRouting();
        _app.Use(next => context => context.GetEndpoint() is not null
            ? next(context)
            : tables.InForce == 0 ? PlainAnswers.NotConfigured(context) : PlainAnswers.NoRoute(context));
        _app.MapReverseProxy(pipeline =>
        {
            pipeline.Use(next => new RequestForwarding(next, tables, endpoints, time).InvokeAsync);
            pipeline.UseLoadBalancing();
        });
    }

    // Over HTTP/2 the method also begins a WebSocket, which says so.
    private static bool IsClassicConnect(HttpContext context) =>
        HttpMethods.IsConnect(context.Request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true };
}
