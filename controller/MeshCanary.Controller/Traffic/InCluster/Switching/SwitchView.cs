using System.Collections.Immutable;
using k8s.Models;

namespace MeshCanary.Controller.Traffic.InCluster.Switching;

/// <summary>What is seen of a Service and its proxies at one moment.</summary>
internal sealed record SwitchView
{
    /// <summary>The Service; null when there is none.</summary>
    public V1Service? Service { get; init; }

    /// <summary>Whether clients may be led to the proxies: every one that there should be is available.</summary>
    public bool ProxiesAreReady { get; init; }

    /// <summary>Whether all of them confirmed, to the replica that leads now, the newest route, and it leads to pods.</summary>
    public bool RouteIsInForce { get; init; }

    /// <summary>Whether objects of the proxies are left.</summary>
    public bool HasProxies { get; init; }

    /// <summary>Whether pods of other versions than the Service's own are left: its own selector finds those too.</summary>
    public bool HasArms { get; init; }

    /// <summary>Names of pods that the Service's slices list, ready or not.</summary>
    public ImmutableHashSet<string> Listed { get; init; } = [];

    /// <summary>Names of the proxies' pods.</summary>
    public ImmutableHashSet<string> Proxies { get; init; } = [];
}
