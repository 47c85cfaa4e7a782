using System.Net;
using k8s.Models;
using MeshCanary.TestCluster.Following;

namespace MeshCanary.TestCluster.Networking;

/// <summary>Which addresses the cluster's names have.</summary>
/// <param name="services">The Services.</param>
/// <param name="endpoints">Their Endpoints.</param>
internal sealed class NameTable(Follower<V1Service> services, Follower<V1Endpoints> endpoints)
{
    /// <summary>The domain of all names.</summary>
    public const string Domain = "cluster.local";

    /// <summary>Looks a name up.</summary>
    /// <param name="name">Lower case, without the last dot.</param>
    /// <returns>Its addresses, or null when there is no such name.</returns>
    public IReadOnlyList<IPAddress>? Find(string name)
    {
        const string suffix = $".svc.{Domain}";
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
            return null;

        var labels = name[..^suffix.Length].Split('.');
        return labels switch
        {
            [var service, var space] => OfService(space, service),
            [var host, var service, var space] => OfHost(space, service, host),
            _ => null,
        };
    }

    private IPAddress[]? OfService(string space, string name)
    {
        if (services.Find(space, name) is not { } service)
            return null;
        return service.Spec.ClusterIP is { Length: > 0 } address && address != "None"
            ? [IPAddress.Parse(address)]
            : [.. Addresses(service).Select(one => IPAddress.Parse(one.Ip)).Distinct()];
    }

    private IPAddress[]? OfHost(string space, string name, string host)
    {
        if (services.Find(space, name) is not { } service)
            return null;
        var found = Addresses(service).Where(one => one.Hostname == host).Select(one => IPAddress.Parse(one.Ip)).ToArray();
        return found.Length > 0 ? found : null;
    }

    private IEnumerable<V1EndpointAddress> Addresses(V1Service service) =>
        endpoints.Find(service.Metadata.NamespaceProperty, service.Metadata.Name)?.Subsets
            ?.SelectMany(subset => subset.Addresses ?? []) ?? [];
}
