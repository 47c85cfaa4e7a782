using MeshCanary.Controller.Distribution.Cluster;
using MeshCanary.Controller.Traffic.InCluster.Objects;
using MeshCanary.Controller.Traffic.InCluster.Switching;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.InCluster;

/// <summary>
/// The traffic of all Canaries of a cluster: proxies of their own, and Services that lead to them from the adoption to the
/// release. Thread-safe.
/// </summary>
/// <param name="proxies">What proxies are told.</param>
/// <param name="driver">Brings the cluster to it.</param>
/// <param name="sights">What is seen of the cluster.</param>
/// <param name="look">Has a Canary looked at by the driver soon.</param>
internal sealed class ClusterTraffic(ClusterProxies proxies, TrafficDriver driver, TrafficSights sights, Action<string> look) : IClusterTraffic
{
    // As the standalone controller has it: a proxy keeps a hundred and some reports at most.
    private const int ReportsPerInterval = 60;
    private static readonly TimeSpan ShortestReport = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Name => proxies.Name;

    /// <inheritdoc/>
    public void Manage(string uid, CanaryManifest manifest)
    {
        var owner = new ProxyOwner(manifest.Namespace, manifest.Name, uid);
        var canary = driver.Canaries.AddOrUpdate(
            manifest.Key, _ => new ManagedTraffic(owner, manifest), (_, known) => known with { Owner = owner, Manifest = manifest });
        var interval = manifest.Spec.Analysis.Interval / ReportsPerInterval;
        proxies.Add(manifest.Key, sights.IsSwitched(canary), interval > ShortestReport ? interval : ShortestReport);
        look(manifest.Key);
    }

    /// <inheritdoc/>
    public void Apply(RouteOrder order)
    {
        // By the numbers that the proxies listen on, which stay when a version calls its port by another.
        proxies.Apply(driver.Canaries.TryGetValue(order.Canary.Key, out var known) ? order with { Ports = sights.Endpoints(known, order.Plan) } : order);
        var (before, after) = Change(order.Canary.Key, canary => canary with
        {
            // A release is not taken back: it ends by GiveBack.
            Wish = canary.Wish == SwitchWish.ToPods ? SwitchWish.ToPods : order.IsAdopted ? SwitchWish.ToProxies : SwitchWish.Keep,
        });
        // Until clients are led to the proxies, what they acknowledge is waited for as well.
        if (before != after || (after is { Wish: SwitchWish.ToProxies } && !sights.IsSwitched(after)))
            look(order.Canary.Key);
    }

    /// <inheritdoc/>
    public TrafficSight Observe(string key)
    {
        var sight = proxies.Observe(key);
        if (!driver.Canaries.TryGetValue(key, out var canary) || sights.IsSwitched(canary))
            return sight;
        // Before clients are led to them all proxies have to be there, not only those that have come so far.
        var problem = sights.Ports(canary).Problem ?? (sights.View(canary).ProxiesAreReady ? null : "not all proxies are ready yet");
        return problem is null ? sight : sight with { Traffic = sight.Traffic with { Acknowledged = null, Problem = problem } };
    }

    /// <summary>The route stays with the proxies for as long as they serve; <see cref="GiveBack"/> ends that.</summary>
    public void Release(string key)
    {
    }

    /// <inheritdoc/>
    public string? GiveBack(string key)
    {
        if (Change(key, canary => canary with { Wish = SwitchWish.ToPods }) is not ({ } before, { } after))
            return null;
        if (before != after)
            look(key);
        return driver.Next(after).Step.Waits;
    }

    /// <inheritdoc/>
    public void Forget(string key)
    {
        driver.Canaries.TryRemove(key, out _);
        proxies.Remove(key);
    }

    private (ManagedTraffic? Before, ManagedTraffic? After) Change(string key, Func<ManagedTraffic, ManagedTraffic> change)
    {
        while (driver.Canaries.TryGetValue(key, out var before))
        {
            var after = change(before);
            if (driver.Canaries.TryUpdate(key, after, before))
                return (before, after);
        }

        return (null, null);
    }
}
