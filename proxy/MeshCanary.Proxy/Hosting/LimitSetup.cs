using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Quic;

namespace MeshCanary.Proxy.Hosting;

/// <summary>Brings <see cref="ProxyLimits"/> to the server.</summary>
internal static class LimitSetup
{
    private const int LeastUp = 1;
    private const int LeastDown = 240;

    /// <summary>All of them, before the server starts.</summary>
    public static void Apply(ProxyLimits limits, KestrelServerLimits server)
    {
        server.MaxRequestBodySize = limits.RequestBody;
        server.MaxConcurrentConnections = limits.Connections;
        server.MaxResponseBufferSize = limits.ResponseBuffer;
        Change(limits, server);
    }

    /// <summary>
    /// Those that may change while the server runs: it reads them for each connection, and each is written at once. The
    /// others are read at its start, or too large to be written at once.
    /// </summary>
    public static void Change(ProxyLimits limits, KestrelServerLimits server)
    {
        // The two have to fit each other at every moment.
        server.MaxRequestLineSize = limits.RequestLine;
        server.MaxRequestHeadersTotalSize = limits.RequestHeaders;
        server.MaxRequestHeaderCount = limits.RequestHeaderCount;
        server.KeepAliveTimeout = limits.KeepAlive;
        server.RequestHeadersTimeout = limits.RequestHead;
        // Uploads and downloads may pause. Who sends nothing at all meets the limit on silence.
        server.MinRequestBodyDataRate = new MinDataRate(LeastUp, limits.BodyPause);
        server.MinResponseDataRate = new MinDataRate(LeastDown, limits.BodyPause);
        server.Http2.MaxStreamsPerConnection = limits.Http2Streams;
        server.Http2.InitialConnectionWindowSize = limits.Http2ConnectionWindow;
        server.Http2.InitialStreamWindowSize = limits.Http2StreamWindow;
        server.Http2.MaxFrameSize = limits.Http2Frame;
        server.Http2.MaxRequestHeaderFieldSize = limits.RequestHeaders;
        server.Http3.MaxRequestHeaderFieldSize = limits.RequestHeaders;
    }

    /// <summary>What of them QUIC has to know itself; read for each connection, so it may change at any time.</summary>
#pragma warning disable CA2252 // The transport is no preview, and the default is kept where this knob should go.
    public static void Change(ProxyLimits limits, QuicTransportOptions quic) => quic.MaxBidirectionalStreamCount = limits.Http2Streams;
#pragma warning restore CA2252
}
