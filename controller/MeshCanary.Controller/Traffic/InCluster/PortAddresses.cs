using System.Collections.Immutable;
using k8s.Models;
using MeshCanary.Controller.Traffic.InCluster.Objects;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Traffic.InCluster;

/// <summary>Where requests of each port go: what is ready behind the Services of the arms. Pure.</summary>
internal static class PortAddresses
{
    /// <summary>The endpoints by port; empty for a Service that leads to one port only, whose endpoints need no telling apart.</summary>
    /// <param name="ports">The ports.</param>
    /// <param name="plan">The arms.</param>
    /// <param name="slices">The slices of a revision's Services, by its name.</param>
    public static ImmutableArray<PortEndpoints> Of(ProxyPorts ports, TrafficPlan plan, Func<string, IEnumerable<V1EndpointSlice>> slices)
    {
        var numbers = ports.Ports.GroupBy(port => port.Number).ToList();
        return numbers.Count < 2
            ? []
            : [.. numbers.Select(same => new PortEndpoints(
                same.Key, same.Any(port => port.IsSplit), Addresses(plan.Stable, same, slices), plan.Canary is { } canary ? Addresses(canary, same, slices) : []))];
    }

    private static ImmutableArray<string> Addresses(Revision revision, IEnumerable<ProxyPort> ports, Func<string, IEnumerable<V1EndpointSlice>> slices) =>
    [
        .. slices(revision.Name).SelectMany(slice => ports.SelectMany(port => Of(slice, port.ServicePort)))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Of(V1EndpointSlice slice, string servicePort)
    {
        // The number that these pods have for it, which may be another than that of pods in another slice.
        if (slice.Ports?.FirstOrDefault(port => (port.Name ?? "") == servicePort)?.Port is not { } number || slice.AddressType is not ("IPv4" or "IPv6"))
            return [];
        return (slice.Endpoints ?? [])
            .Where(endpoint => endpoint.Conditions is not { Ready: false } and not { Terminating: true })
            .SelectMany(endpoint => endpoint.Addresses ?? [])
            .Select(address => slice.AddressType == "IPv6" ? $"http://[{address}]:{number}" : $"http://{address}:{number}");
    }
}
