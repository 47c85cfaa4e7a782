using MeshCanary.Proxy.Telling;
using MeshCanary.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Endpoint = MeshCanary.Proxy.Endpoints.Endpoint;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>What every exchange needs. Thread-safe.</summary>
/// <param name="Forwarder">Sends one request to one address and its response back.</param>
/// <param name="Requests">Chooses the version of HTTP.</param>
/// <param name="TrustForwarded">Whether clients come by way of a proxy that can be believed.</param>
/// <param name="Time">The clock.</param>
/// <param name="Teller">Tells of requests; null when nobody is to be told.</param>
internal sealed record Outbound(IHttpForwarder Forwarder, UpstreamRequests Requests, bool TrustForwarded, TimeProvider Time, RequestTeller? Teller = null)
{
    /// <summary>Sends a request to an endpoint: plain HTTP/1.1 by the short way, everything else by the forwarder, with the same ends.</summary>
    public ValueTask<ForwarderError> SendAsync(HttpContext context, Endpoint endpoint, Exchange exchange, CancellationToken ended)
    {
        var how = Requests.For(endpoint.Client, context.Request);
        return endpoint.Http1 is { } pool && how.Version?.Major == 1 && Http1Forwarder.CanForward(context)
            ? Http1Forwarder.SendAsync(context, pool, exchange, ended)
            : Forwarder.SendAsync(context, endpoint.Prefix, endpoint.Client.Invoker, how, exchange, ended);
    }
}
