using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>The traffic of all Canaries of a cluster that a mesh splits. Thread-safe.</summary>
/// <param name="driver">Brings the cluster to what is wanted.</param>
/// <param name="sights">What is seen of the cluster.</param>
/// <param name="look">Has a Canary looked at by the driver soon.</param>
internal sealed class MeshTraffic(MeshDriver driver, MeshSights sights, Action<string> look) : IClusterTraffic
{
    /// <inheritdoc/>
    public string Name => "mesh";

    /// <inheritdoc/>
    public void Manage(string uid, CanaryManifest manifest)
    {
        var canary = driver.Canaries.AddOrUpdate(manifest.Key, _ => new ManagedMesh(uid, manifest), (_, known) => known with { Uid = uid, Manifest = manifest });
        sights.MeshOf(canary).Want();
        look(manifest.Key);
    }

    /// <inheritdoc/>
    public void Apply(RouteOrder order)
    {
        if (Change(order.Canary.Key, canary => canary with { Plan = order.Plan, IsLeaving = order.IsLeaving }))
            look(order.Canary.Key);
    }

    /// <inheritdoc/>
    public TrafficSight Observe(string key)
    {
        if (!driver.Canaries.TryGetValue(key, out var canary) || canary.Plan is null)
            return new TrafficSight(new TrafficObservation { Problem = "nothing was asked of the mesh yet" }, []);
        var sight = sights.Look(canary);
        // A route that is gone, or that the mesh does not take, must not keep a Canary that is to go.
        var isIdle = canary.IsLeaving && sight is { Pin.Waits: null, Step: { Write: null, LookAgainAt: null } } && sight.Routed.All(arm => arm.IsKept);
        var isInForce = (sight.IsInForce || isIdle) && !canary.IsReleasing;
        var routes = Math.Max(sight.Step?.Routes ?? 0, isInForce ? 1 : 0);
        return new TrafficSight(
            new TrafficObservation
            {
                Acknowledged = isInForce ? canary.Plan : null,
                Proxies = routes,
                ProxiesAcknowledged = isInForce ? routes : Math.Clamp(sight.Step?.RoutesInForce ?? 0, 0, Math.Max(0, routes - 1)),
                Problem = isInForce ? null : driver.ProblemOf(key) ?? $"waits for {sight.Waits}",
            },
            []);
    }

    /// <summary>The routes stay as they are while the Canary serves; <see cref="GiveBack"/> ends that.</summary>
    public void Release(string key)
    {
    }

    /// <inheritdoc/>
    public string? GiveBack(string key)
    {
        if (Change(key, canary => canary with { IsReleasing = true }))
            look(key);
        if (!driver.Canaries.TryGetValue(key, out var released))
            return null;
        var sight = sights.Look(released);
        if (driver.ProblemOf(key) is { } problem && !sight.IsInForce)
            return $"the routes to be given back, where {problem}";
        return sight.Waits ?? (sight.Arms.Any(arm => arm.IsKept) ? "the Services of single versions to be let go" : null);
    }

    /// <inheritdoc/>
    public void Forget(string key)
    {
        driver.Canaries.TryRemove(key, out _);
        driver.Forget(key);
    }

    private bool Change(string key, Func<ManagedMesh, ManagedMesh> change)
    {
        while (driver.Canaries.TryGetValue(key, out var before))
        {
            var after = change(before);
            if (driver.Canaries.TryUpdate(key, after, before))
                return before != after;
        }

        return false;
    }
}
