using MeshCanary.Proxy.Forwarding;
using MeshCanary.Proxy.Routing;
using MeshCanary.Proxy.Telling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Hosting;

/// <summary>The host that clients talk to.</summary>
internal sealed class DataPlane : IAsyncDisposable
{
    private readonly WebApplication _app;

    /// <summary>Sets it up; <paramref name="quic"/> gives the server QUIC, and null means HTTP/1.1 and HTTP/2 alone.</summary>
    public DataPlane(ProxyOptions options, RouteTableHolder tables, TimeProvider time, ILoggerFactory loggers, RequestTeller? teller, Action<IWebHostBuilder>? quic)
    {
        Clients = new ClientSide(options, time, loggers, quic is not null);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Clients.Configure);
        quic?.Invoke(builder.WebHost);
        Clients.Register(builder.Services);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(time);
        builder.Services.AddHttpForwarder();

        _app = builder.Build();
        Clients.Attach(_app.Services);
        var forwarder = _app.Services.GetRequiredService<IHttpForwarder>();
        var outbound = new Outbound(forwarder, new UpstreamRequests(options.UpstreamActivityTimeout), options.TrustForwarded, time, teller);
        _app.Run(Clients.Meet(new ProxyApplication(tables, outbound).InvokeAsync));
    }

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
}
