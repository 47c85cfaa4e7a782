using MeshCanary.Controller.Distribution;

namespace MeshCanary.Controller.Traffic;

/// <summary>Traffic through our own proxies.</summary>
internal sealed class ProxyTrafficRouter(SnapshotBoard board, ProxyRegistry registry) : ITrafficRouter
{
    /// <summary>Its name.</summary>
    public const string RouterName = "proxy";

    /// <inheritdoc/>
    public string Name => RouterName;

    /// <inheritdoc/>
    public void Apply(RouteOrder order)
    {
        board.Set(order.Canary.Key, new PublishedRoute(order.Plan, RouteMapping.MapAll(order)));
        // After the snapshot that names the run: a proxy knows no parts of another.
        registry.Allow(order.Canary.Key, order.Budget);
    }

    /// <inheritdoc/>
    public TrafficSight Observe(string key) => registry.Observe(key);

    /// <inheritdoc/>
    public void Release(string key)
    {
        board.Set(key, null);
        registry.Allow(key, null);
    }
}
