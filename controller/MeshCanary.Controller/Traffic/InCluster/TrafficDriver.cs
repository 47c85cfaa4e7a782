using System.Collections.Concurrent;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Traffic.InCluster.Switching;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Events;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.InCluster;

/// <summary>Brings proxies and Services to what is wanted of them, one Canary's calls one after the other.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="caches">What is seen of it.</param>
/// <param name="sights">What that means.</param>
/// <param name="writer">Writes the proxies.</param>
/// <param name="tell">Tells people what happened.</param>
internal sealed class TrafficDriver(ClusterAccess cluster, TrafficCaches caches, TrafficSights sights, ProxyWriter writer, Action<ObjectEvent> tell)
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(200);

    // Whatever is waited for is seen by an informer; this is for what none shows.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, ManagedTraffic> _canaries = new(StringComparer.Ordinal);
    private readonly ObjectWriter<V1Service> _services = new(cluster, ResourceType.Of<V1Service>(), ApiNames.FieldManager);

    /// <summary>The Canaries, by key.</summary>
    public ConcurrentDictionary<string, ManagedTraffic> Canaries => _canaries;

    /// <summary>The next step of a Canary.</summary>
    public (ObjectKey Service, SwitchStep Step) Next(ManagedTraffic canary)
    {
        var planner = new SwitchPlanner(canary.Owner.Name, canary.Owner.ProxyName);
        var view = sights.View(canary);
        // One that the Canary named before is given back first, whatever is wanted of the one that it names now.
        return caches.Switched(canary.Owner).FirstOrDefault(service => service.Metadata.Name != canary.Service.Name) is { } former
            ? (ObjectKey.Of(former.Metadata), planner.Next(SwitchWish.ToPods, view with { Service = former }))
            : (canary.Service, planner.Next(canary.Wish, view));
    }

    /// <summary>Looks at one Canary, and takes its next step.</summary>
    public async Task<WorkResult> LookAsync(string key, CancellationToken cancellation)
    {
        if (!_canaries.TryGetValue(key, out var canary))
            return WorkResult.Done;
        if (canary.Wish != SwitchWish.ToPods && caches.Service(canary.Service) is { } service && sights.Ports(canary) is { Problem: null } ports)
            await writer.ApplyAsync(canary.Owner, ports, service, caches.Deployment(canary.Proxies), cancellation).ConfigureAwait(false);
        var (target, step) = Next(canary);
        if (step.DeletesProxies)
            await writer.DeleteAsync(canary.Owner, cancellation).ConfigureAwait(false);
        if (step.Patch is { } patch && !await TryAsync(target, patch, step.Told, cancellation).ConfigureAwait(false))
            return WorkResult.After(Breath);
        return step.Waits is null ? WorkResult.Done : WorkResult.After(Patience);
    }

    private async Task<bool> TryAsync(ObjectKey target, JsonPatch patch, string? told, CancellationToken cancellation)
    {
        try
        {
            var written = await _services.PatchAsync(target, patch, null, cancellation).ConfigureAwait(false);
            if (told is not null)
                tell(new ObjectEvent(ObjectEvent.To(written), IsWarning: true, "SelectorRepaired", "Repair", told));
            return true;
        }
        catch (ApiException refused) when (refused.Kind is ApiErrorKind.Invalid or ApiErrorKind.Conflict or ApiErrorKind.NotFound)
        {
            // Somebody wrote in between: the cache will show it.
            return false;
        }
    }
}
