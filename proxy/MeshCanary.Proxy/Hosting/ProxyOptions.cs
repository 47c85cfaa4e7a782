using System.Net;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Hosting.Tls;
using MeshCanary.Proxy.Telling;

namespace MeshCanary.Proxy.Hosting;

/// <summary>What a proxy process is started with.</summary>
public sealed record ProxyOptions
{
    /// <summary>Name shown in status and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>Where clients connect without TLS; HTTP/1.1, WebSocket and HTTP/2 (prior knowledge) on the same port. Port 0 takes any free one.</summary>
    public required IReadOnlyList<IPEndPoint> Listen { get; init; }

    /// <summary>Where clients connect with TLS: HTTP/1.1 or HTTP/2 as they choose, HTTP/3 where the system can. Needs <see cref="Tls"/>.</summary>
    public IReadOnlyList<IPEndPoint> ListenTls { get; init; } = [];

    /// <summary>Whether they speak HTTP/3 too. Read at the start.</summary>
    public Http3Mode Http3 { get; init; }

    /// <summary>By what sockets without QUIC are served. Read at the start.</summary>
    public SocketMode Sockets { get; init; }

    /// <summary>Certificates, or null when nothing listens with TLS.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>How much clients may ask of the proxy.</summary>
    public ProxyLimits Limits { get; init; } = new();

    /// <summary>Where <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served.</summary>
    public required IPEndPoint Admin { get; init; }

    /// <summary>
    /// Address of the controller's proxy port, http or https. A host name may stand for several controllers, of which one
    /// leads: they are tried in turn until it is found.
    /// </summary>
    public required Uri Controller { get; init; }

    /// <summary>namespace/name of the Canary that this proxy serves and no other; null for all that the controller has.</summary>
    public string? Canary { get; init; }

    /// <summary>File with the token that the controller asks for, or null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>PEM file of the authority that signed the controller's certificate, or null for the system's.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>File that keeps the last good snapshot; null keeps none.</summary>
    public string? SnapshotFile { get; init; }

    /// <summary>Longest wait for requests in flight when the proxy stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time an upstream may stay silent within a request.</summary>
    public TimeSpan UpstreamActivityTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Longest time a connection to an upstream may take when there is no other endpoint to try.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time it may take while there is another endpoint to try; <see cref="ConnectTimeout"/> at most.</summary>
    public TimeSpan ConnectAttemptTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two looks at what addresses the host name of an endpoint stands for.</summary>
    public TimeSpan ResolveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long requests may still run on a canary that is one no more and was not promoted; then they are ended.
    /// </summary>
    public TimeSpan CanaryDrain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether clients reach the proxy only by way of another proxy that can be believed: then its <c>X-Forwarded-For</c> is
    /// added to, and its <c>X-Forwarded-Proto</c> and <c>X-Forwarded-Host</c> are kept. Otherwise all three are overwritten.
    /// </summary>
    public bool TrustForwarded { get; init; }

    /// <summary>
    /// Time between <c>/readyz</c> saying that the proxy stops and the port closing, for a load balancer to notice.
    /// </summary>
    public TimeSpan DrainDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Lines for requests; null for none.</summary>
    public AccessLogOptions? AccessLog { get; init; }

    /// <summary>Tells what the controller's host name stands for; null for the system. Tests have names of their own.</summary>
    internal INameResolver? ControllerNames { get; init; }

    /// <summary>Spans for requests; null for none: then a trace is passed on as it comes.</summary>
    public TraceOptions? Traces { get; init; }
}
