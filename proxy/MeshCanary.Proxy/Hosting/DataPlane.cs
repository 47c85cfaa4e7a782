using System.Net;
using System.Text;
using MeshCanary.Proxy.Configuring;
using MeshCanary.Proxy.Forwarding;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;

namespace MeshCanary.Proxy.Hosting;

/// <summary>The host that clients talk to.</summary>
internal sealed class DataPlane : IAsyncDisposable
{
    private static readonly TimeSpan PauseLimit = TimeSpan.FromSeconds(90);

    private readonly WebApplication _app;
    private readonly IPEndPoint _address;
    private ListenOptions? _listening;

    public DataPlane(ProxyOptions options, RouteTableHolder tables, CounterBook counters, TimeProvider time, ILoggerFactory loggers)
    {
        _address = options.Listen;
        var plans = new ProxyPlanSource();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options.RequestHeadTimeout, time));
        builder.Services.AddSingleton<IConnectionListenerFactory, HandOverTransport>();
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

    /// <summary>Where clients connect, with the port that was taken.</summary>
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
            throw ListenFault.Describe(_address, "client traffic", fault);
        }
    }

    /// <summary>Takes no new connection, lets requests end, and breaks off those that have not when the token is cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Configure(KestrelServerOptions kestrel, TimeSpan headLimit, TimeProvider time)
    {
        kestrel.AddServerHeader = false;
        // Bodies stream through; how large one may be is for the upstream to say.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.RequestHeadersTimeout = headLimit;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
        // Uploads and downloads may pause. Who sends nothing at all meets the limit on silence.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1, PauseLimit);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, PauseLimit);
        // Header bytes go through as they are, whatever they mean: a byte is a character and back.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        var sides = new ProtocolSwitch(time, kestrel.Limits.KeepAliveTimeout, kestrel.Limits.RequestHeadersTimeout);
        _listening = sides.Listen(kestrel, _address);
    }

    private void Compose(RouteTableHolder tables, TimeProvider time)
    {
        var endpoints = new EndpointWatch(
            _app.Services.GetRequiredService<IDestinationHealthUpdater>(),
            _app.Services.GetRequiredService<ILogger<EndpointWatch>>());

        _app.Use(next => context => IsClassicConnect(context) ? PlainAnswers.NoTunnels(context) : next(context));
        _app.Use(next => context => RequestGate.PassAsync(context, next));
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
