using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Keeping;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>What the leader does, from its election to its end: keeps Canaries, and makes those that annotations ask for.</summary>
internal sealed class LeadingTerm(ClusterAccess cluster, ClusterCaches caches, ClusterMachine machine, CanaryKeeper keeper, AnnotationKeeper annotations)
{
    /// <summary>Leads until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await caches.WhenSettledAsync(cancellation).ConfigureAwait(false);
        using var canaryQueue = new WorkQueue<ObjectKey>(cluster, "canaries", keeper.LookAsync, new WorkQueueOptions<ObjectKey> { Faults = new KeeperFaults(keeper) });
        using var serviceQueue = new WorkQueue<ObjectKey>(cluster, "annotated-services", annotations.LookAsync);
        await using var kept = keeper.ConfigureAwait(false);
        using var canaries = caches.Canaries.Subscribe(KeyHandler<CanaryObject>.ByKey(key =>
        {
            canaryQueue.Add(key);
            // A Canary that annotations made has the name of its Service: when it goes, it may have to come again.
            serviceQueue.Add(key);
        }));
        using var services = caches.Services.Subscribe(KeyHandler<V1Service>.ByKey(serviceQueue.Add));
        await Task.WhenAll(
            machine.DriveAsync(cancellation),
            canaryQueue.RunAsync(cancellation, cancellation),
            serviceQueue.RunAsync(cancellation, cancellation)).ConfigureAwait(false);
    }
}
