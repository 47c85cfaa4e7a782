using System.Net;
using System.Text;
using MeshCanary.Proxy.Forwarding;
using MeshCanary.Proxy.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Hosting;

/// <summary>The host that clients talk to.</summary>
internal sealed class DataPlane : IAsyncDisposable
{
    private static readonly TimeSpan PauseLimit = TimeSpan.FromSeconds(90);

    private readonly WebApplication _app;
    private readonly IPEndPoint _address;
    private ListenOptions? _listening;

    public DataPlane(ProxyOptions options, RouteTableHolder tables, TimeProvider time, ILoggerFactory loggers)
    {
        _address = options.Listen;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, time));
        builder.Services.AddSingleton<IConnectionListenerFactory, HandOverTransport>();
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            // What a request does runs where its bytes arrive, without a change of threads on the way; nothing of it blocks.
            sockets.UnsafePreferInlineScheduling = true;
            // A look into the socket less for each request, for the 4 KB that an idle client holds.
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(time);
        builder.Services.AddHttpForwarder();

        _app = builder.Build();
        var forwarder = _app.Services.GetRequiredService<IHttpForwarder>();
        var outbound = new Outbound(forwarder, new UpstreamRequests(options.UpstreamActivityTimeout), options.TrustForwarded, time);
        _app.Run(new ProxyApplication(tables, outbound).InvokeAsync);
    }

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

    private void Configure(KestrelServerOptions kestrel, TimeProvider time)
    {
        kestrel.AddServerHeader = false;
        // Bodies stream through; how large one may be is for the upstream to say.
        kestrel.Limits.MaxRequestBodySize = null;
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
}
