using MeshCanary.Proxy.Telling;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>What every exchange needs. Thread-safe.</summary>
/// <param name="Forwarder">Sends one request to one address and its response back.</param>
/// <param name="Requests">Chooses the version of HTTP.</param>
/// <param name="TrustForwarded">Whether clients come by way of a proxy that can be believed.</param>
/// <param name="Time">The clock.</param>
/// <param name="Teller">Tells of requests; null when nobody is to be told.</param>
internal sealed record Outbound(IHttpForwarder Forwarder, UpstreamRequests Requests, bool TrustForwarded, TimeProvider Time, RequestTeller? Teller = null);
