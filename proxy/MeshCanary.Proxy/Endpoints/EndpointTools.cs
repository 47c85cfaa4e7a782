using MeshCanary.Proxy.Upstreams;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>What endpoints are made of and looked after with.</summary>
internal sealed record EndpointTools(
    Agenda Agenda, UpstreamClients Clients, INameResolver Names, TimeSpan ResolveInterval, LeavingEndpoints Leaving, TimeProvider Time, ILoggerFactory Loggers)
{
    /// <summary>Connections for HTTP/1.1 without TLS.</summary>
    public required Http1Upstreams Http1 { get; init; }
}
