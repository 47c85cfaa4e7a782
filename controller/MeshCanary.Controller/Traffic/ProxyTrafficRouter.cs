using MeshCanary.Controller.Distribution;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic;

/// <summary>Traffic through our own proxies.</summary>
internal sealed class ProxyTrafficRouter(SnapshotBoard board, ProxyRegistry registry) : ITrafficRouter
{
    /// <inheritdoc/>
    public string Name => "proxy";

    /// <inheritdoc/>
    public void Apply(CanaryManifest canary, TrafficPlan plan) =>
        board.Set(canary.Key, new PublishedRoute(plan, RouteMapping.Map(canary, plan)));

    /// <inheritdoc/>
    public TrafficSight Observe(string key) => registry.Observe(key);

    /// <inheritdoc/>
    public void Release(string key) => board.Set(key, null);
}
