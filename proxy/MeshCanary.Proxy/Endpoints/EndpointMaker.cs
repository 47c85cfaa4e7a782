using System.Net;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>Makes endpoints of the addresses of a snapshot.</summary>
internal sealed class EndpointMaker(EndpointTools tools)
{
    public Origin Make(string address, EndpointGroup group)
    {
        var counters = group.Counters.Endpoints.Of(address);
        var uri = new Uri(address);
        return uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
            ? new LiteralOrigin(address, counters, New(address, address, counters, group, ProbePlan.Of(group.Settings.HealthCheck)), group)
            : new NameOrigin(address, counters, this, group);
    }

    /// <summary>One address of a host name.</summary>
    public Endpoint Resolved(string address, IPAddress ip, EndpointCounters counters, EndpointGroup group)
    {
        var uri = new Uri(address);
        var at = new IPEndPoint(ip, uri.Port);
        var plan = ProbePlan.Of(group.Settings.HealthCheck) ?? ProbePlan.Connect(at);
        return New(address, $"{uri.Scheme}://{at}{uri.AbsolutePath.TrimEnd('/')}", counters, group, plan);
    }

    /// <summary>What stands for a host name as long as nobody knows its addresses: never ready, and a request to it fails at once.</summary>
    public Endpoint Unresolved(string address, EndpointCounters counters, EndpointGroup group) =>
        new(address, address, counters, Client(address, group), group, "its name has not been resolved yet");

    private Endpoint New(string address, string prefix, EndpointCounters counters, EndpointGroup group, ProbePlan? plan) =>
        new(address, prefix, counters, Client(address, group), group, plan is null ? "" : "it has not passed its first health check yet", plan)
        {
            Http1 = group.Settings.Protocol == UpstreamProtocol.Http2 ? null : tools.Http1.For(new Uri(prefix), new Uri(address).Authority),
        };

    private UpstreamClient Client(string address, EndpointGroup group) => tools.Clients.For(group.Settings, new Uri(address));
}
