namespace MeshCanary.Proxy.Hosting;

/// <summary>How much one client, and all of them, may ask of the proxy.</summary>
public sealed record ProxyLimits
{
    /// <summary>Bytes of the request line; more is answered with 414.</summary>
    public int RequestLine { get; init; } = 8 * 1024;

    /// <summary>Bytes of all request headers together; more is answered with 431.</summary>
    public int RequestHeaders { get; init; } = 32 * 1024;

    /// <summary>Request headers; more are answered with 431.</summary>
    public int RequestHeaderCount { get; init; } = 100;

    /// <summary>Bytes of a request body, or null for any; more is answered with 413.</summary>
    public long? RequestBody { get; init; }

    /// <summary>Open connections, or null for any; what is beyond is closed at once.</summary>
    public long? Connections { get; init; }

    /// <summary>Open tunnels (WebSockets) and requests for one, or null for any; more are answered with 503.</summary>
    public int? Tunnels { get; init; }

    /// <summary>Longest time a connection may be idle between two requests, or before the first.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>Longest time from the first byte of a request to the end of its headers; then it is answered with 408.</summary>
    public TimeSpan RequestHead { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time of a TLS handshake.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest pause of a body, either way, before its rate counts: 1 byte a second up, 240 down.</summary>
    public TimeSpan BodyPause { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Requests at a time on one HTTP/2 connection.</summary>
    public int Http2Streams { get; init; } = 100;

    /// <summary>Bytes that an HTTP/2 client may send ahead on one connection, 65,535 or more.</summary>
    public int Http2ConnectionWindow { get; init; } = 1024 * 1024;

    /// <summary>Bytes that an HTTP/2 client may send ahead on one stream, 65,535 or more.</summary>
    public int Http2StreamWindow { get; init; } = 768 * 1024;

    /// <summary>Largest HTTP/2 frame that is taken, 16,384 to 16,777,215 bytes.</summary>
    public int Http2Frame { get; init; } = 16 * 1024;

    /// <summary>Bytes of an answer that are held for a client that reads slowly, before the upstream is made to wait.</summary>
    public long ResponseBuffer { get; init; } = 64 * 1024;
}
