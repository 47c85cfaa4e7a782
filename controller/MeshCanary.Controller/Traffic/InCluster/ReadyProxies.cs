using System.Collections.Concurrent;
using MeshCanary.Controller.Distribution.Cluster;

namespace MeshCanary.Controller.Traffic.InCluster;

/// <summary>The proxy pods that are ready, for whoever waits for their acknowledgements.</summary>
/// <param name="canaries">The Canaries under control.</param>
/// <param name="sights">What is seen of the cluster.</param>
internal sealed class ReadyProxies(ConcurrentDictionary<string, ManagedTraffic> canaries, TrafficSights sights) : IProxyPods
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> Serving(string key) => canaries.TryGetValue(key, out var canary) ? sights.Ready(canary) : [];
}
