using System.Collections.Immutable;
using Yarp.ReverseProxy.Configuration;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Routes and clusters as the forwarder is given them.</summary>
internal sealed record ProxyPlan(ImmutableArray<RouteConfig> Routes, ImmutableArray<ClusterConfig> Clusters)
{
    public static ProxyPlan Empty { get; } = new([], []);

    public bool SameAs(ProxyPlan other) => Routes.SequenceEqual(other.Routes) && Clusters.SequenceEqual(other.Clusters);

    /// <summary>This plan's routes, with the clusters of the next plan beside its own: the step between the two.</summary>
    public ProxyPlan OnTheWayTo(ProxyPlan next)
    {
        var coming = next.Clusters.Select(cluster => cluster.ClusterId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return this with { Clusters = [.. next.Clusters.Concat(Clusters.Where(cluster => !coming.Contains(cluster.ClusterId))).OrderBy(cluster => cluster.ClusterId, StringComparer.Ordinal)] };
    }
}
