using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Viewing;

/// <summary>The Endpoints of older servers in the form of slices.</summary>
internal static class EndpointsSlices
{
    /// <summary>The slices, one for each set of ports; at least one, since the object says that somebody looked.</summary>
    public static IEnumerable<V1EndpointSlice> Of(V1Endpoints endpoints)
    {
        var subsets = endpoints.Subsets ?? [];
        return subsets.DefaultIfEmpty(new V1EndpointSubset()).Select((subset, index) => new V1EndpointSlice
        {
            AddressType = subset.Addresses?.FirstOrDefault()?.Ip.Contains(':', StringComparison.Ordinal) == true ? "IPv6" : "IPv4",
            Metadata = new V1ObjectMeta
            {
                Name = $"{endpoints.Metadata.Name}-{index}",
                NamespaceProperty = endpoints.Metadata.NamespaceProperty,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["kubernetes.io/service-name"] = endpoints.Metadata.Name },
            },
            Endpoints = [.. (subset.Addresses ?? []).Select(address => new V1Endpoint { Addresses = [address.Ip], Conditions = new V1EndpointConditions { Ready = true } })],
            Ports = [.. (subset.Ports ?? []).Select(port => new Discoveryv1EndpointPort { Name = port.Name, Port = port.Port, Protocol = port.Protocol })],
        });
    }
}
