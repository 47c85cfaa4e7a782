using System.Collections.Concurrent;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic;

/// <summary>Leads each Canary to the traffic of its router: our own proxies, or a mesh. A Canary keeps its router for as long as it is under control. Thread-safe.</summary>
/// <param name="proxies">The traffic through our own proxies.</param>
/// <param name="meshes">The traffic that meshes split.</param>
internal sealed class RoutedTraffic(IClusterTraffic proxies, IClusterTraffic meshes) : IClusterTraffic
{
    private readonly ConcurrentDictionary<string, bool> _meshed = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "routed";

    /// <inheritdoc/>
    public void Manage(string uid, CanaryManifest manifest)
    {
        _meshed.TryAdd(manifest.Key, manifest.Spec.Router != proxies.Name);
        Of(manifest.Key).Manage(uid, manifest);
    }

    /// <inheritdoc/>
    public void Apply(RouteOrder order) => Of(order.Canary.Key).Apply(order);

    /// <inheritdoc/>
    public TrafficSight Observe(string key) => Of(key).Observe(key);

    /// <inheritdoc/>
    public void Release(string key) => Of(key).Release(key);

    /// <inheritdoc/>
    public string? GiveBack(string key) => Of(key).GiveBack(key);

    /// <inheritdoc/>
    public void Forget(string key)
    {
        Of(key).Forget(key);
        _meshed.TryRemove(key, out _);
    }

    private IClusterTraffic Of(string key) => _meshed.GetValueOrDefault(key) ? meshes : proxies;
}
