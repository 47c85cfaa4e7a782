using System.Text;
using MeshCanary.Proxy.Hosting.Listening;
using MeshCanary.Proxy.Hosting.Tls;
using MeshCanary.Proxy.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Quic;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MeshCanary.Proxy.Hosting;

/// <summary>The side of the data plane that clients see: its ports, their protocols and limits, and certificates.</summary>
internal sealed partial class ClientSide : IAsyncDisposable
{
    // What a request's head may be changed to while the server runs has to fit into what it reads ahead.
    private const long ReadAhead = 1024 * 1024;

    private readonly HandOverEndPoint _cleartext = new("cleartext");
    private readonly HandOverEndPoint _tls = new("TLS");
    private readonly HandOverTransport _handOver = new();
    private readonly Http3Transport? _http3;
    private readonly ClientIdentity _identity;
    private readonly TunnelLimit _tunnels = new();
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger<ClientSide> _logger;
    private ProxyOptions _options;
    private KestrelServerLimits? _limits;
    private QuicTransportOptions? _quic;
    private PortSet? _ports;
    private DrainNotice? _notice;
    private bool _saysNoHttp3;

    public ClientSide(ProxyOptions options, TimeProvider time, ILoggerFactory loggers, bool hasQuic)
    {
        (_options, _time, _loggers) = (options, time, loggers);
        _logger = loggers.CreateLogger<ClientSide>();
        _http3 = hasQuic ? new Http3Transport() : null;
        _saysNoHttp3 = !hasQuic && options.Http3 == Http3Mode.Auto;
        Certificates = new CertificateStore(time, loggers.CreateLogger<CertificateStore>());
        _identity = new ClientIdentity(Certificates);
    }

    public CertificateStore Certificates { get; }

    public PortSet Ports => _ports!;

    /// <summary>Sets up the server: a pipeline each for cleartext and TLS, that the ports feed.</summary>
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBufferSize = ReadAhead;
        LimitSetup.Apply(_options.Limits, kestrel.Limits);
        _limits = kestrel.Limits;
        // Header bytes go through as they are, whatever they mean: a byte is a character and back.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        var sides = new ProtocolSwitch(_time);
        sides.Listen(kestrel, _cleartext);
        var handshake = new TlsHandshake(Certificates);
        kestrel.Listen(_tls, options =>
        {
            options.Protocols = _http3 is null ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1AndHttp2AndHttp3;
            options.Use(next => connection => connection.Features.GetRequiredFeature<PortConnection>().ServeAsync(connection, it => next(it)));
            ((IMultiplexedConnectionBuilder)options).Use(next => connection => handshake.LacksCertificate(connection)
                ? Refuse(connection)
                : connection.Features.GetRequiredFeature<PortConnection>().ServeAsync(connection, it => next(it)));
            options.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = handshake.OnConnection,
                HandshakeTimeout = _options.Limits.Handshake,
            });
            options.Use(next => connection => sides.HearAsync(connection, next));
        });
    }

    public void Register(IServiceCollection services)
    {
        services.AddSingleton<IConnectionListenerFactory>(_handOver);
        // With a factory for HTTP/3 the server offers it (Alt-Svc): there must be none when it is not spoken.
        if (_http3 is not null)
            services.AddSingleton<IMultiplexedConnectionListenerFactory>(_http3);
        services.Configure<SocketTransportOptions>(sockets =>
        {
            // What a request does runs where its bytes arrive, without a change of threads on the way; nothing of it blocks.
            sockets.UnsafePreferInlineScheduling = true;
            // A look into the socket less for each request, for the 4 KB that an idle client holds.
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
    }

    /// <summary>Takes what the server's services know of sockets, once they are there.</summary>
    public void Attach(IServiceProvider services)
    {
        var transport = services.GetRequiredService<IOptions<SocketTransportOptions>>().Value;
        var logger = _loggers.CreateLogger<PortSet>();
        IClientTransport connections = _options.Sockets == SocketMode.Auto && EpollLoops.AreSupported
            ? new EpollTransport(transport, services.GetRequiredService<IMemoryPoolFactory<byte>>().Create())
            : new RuntimeTransport(RuntimeConnections(transport, logger));
        if (_http3 is not null)
        {
            _http3.Attach(services.GetServices<IMultiplexedConnectionListenerFactory>());
            _quic = services.GetRequiredService<IOptions<QuicTransportOptions>>().Value;
            LimitSetup.Change(_options.Limits, _quic);
        }

        _ports = new PortSet(new PortSetup(transport, connections, _handOver, _http3, _time, logger), _cleartext, _tls, () => _options.DrainTimeout);
        _notice = new DrainNotice(_ports);
    }

    /// <summary>The first step of each request's way.</summary>
    public RequestDelegate Meet(RequestDelegate next) => context =>
    {
        _identity.Apply(context);
        _notice!.Apply(context);
        return _options.Limits.Tunnels is { } limit ? _tunnels.PassAsync(context, next, limit) : next(context);
    };

    /// <exception cref="IOException">An address cannot be listened on, or a file cannot be read; the message names it.</exception>
    /// <exception cref="InvalidDataException">A certificate cannot be used; the message names it.</exception>
    public Task OpenAsync(CancellationToken cancellationToken) => ChangeAsync(_options, cancellationToken);

    /// <summary>Takes over the addresses, certificates and limits that may change; when that fails, nothing is changed.</summary>
    public async Task ChangeAsync(ProxyOptions options, CancellationToken cancellationToken)
    {
        Check(options);
        var before = Certificates.Current?.Options;
        // Before the ports open, which need them.
        if (options.Tls is not null && (before is null || !options.Tls.Equals(before)))
            Certificates.Use(options.Tls);
        try
        {
            await Ports.ChangeAsync(options.Listen, options.ListenTls, cancellationToken);
        }
        catch (IOException)
        {
            Certificates.Use(before);
            throw;
        }

        LimitSetup.Change(options.Limits, _limits!);
        if (_quic is not null)
            LimitSetup.Change(options.Limits, _quic);
        if (_saysNoHttp3 && options.ListenTls.Count > 0)
        {
            _saysNoHttp3 = false;
            LogNoHttp3(_logger);
        }

        _options = OptionChange.Merge(_options, options);
    }

    /// <summary>Takes no new connection on any port.</summary>
    public Task StopListeningAsync() => Ports.StopListeningAsync();

    public async ValueTask DisposeAsync() => await Ports.DisposeAsync();

    private static SocketConnectionContextFactory RuntimeConnections(SocketTransportOptions transport, ILogger logger) => new(
        new SocketConnectionFactoryOptions
        {
            IOQueueCount = transport.IOQueueCount,
            MaxReadBufferSize = transport.MaxReadBufferSize,
            MaxWriteBufferSize = transport.MaxWriteBufferSize,
            UnsafePreferInlineScheduling = transport.UnsafePreferInlineScheduling,
            WaitForDataBeforeAllocatingBuffer = transport.WaitForDataBeforeAllocatingBuffer,
        },
        logger);

    private static Task Refuse(BaseConnectionContext connection)
    {
        connection.Abort(new ConnectionAbortedException("The client has to show a certificate."));
        return Task.CompletedTask;
    }

    private static void Check(ProxyOptions options)
    {
        if (options.Listen.Count + options.ListenTls.Count == 0)
            throw new InvalidDataException("Nothing to listen on: name at least one address, with TLS or without.");
        if (options.ListenTls.Count > 0 && options.Tls is null)
            throw new InvalidDataException($"{options.ListenTls[0]} is to listen with TLS and there is no certificate: name a certificate and its key, or a folder of them.");
        if (options.Tls is { ClientCertificates: not ClientCertificates.None, ClientAuthorityFile: null })
            throw new InvalidDataException("Clients are to show a certificate and no authority is named by which to believe it: name the file of the authority.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "HTTP/3 is not spoken: this system has no QUIC. TLS ports speak HTTP/1.1 and HTTP/2. For HTTP/3 install libmsquic 2.2 or later and restart; '--http3 off' leaves this line out.")]
    private static partial void LogNoHttp3(ILogger logger);
}
