using k8s;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Keeping;

/// <summary>What this replica knows of the cluster. Every replica follows it, so that whoever takes the lead knows all at once.</summary>
internal sealed class ClusterCaches(ClusterAccess cluster, string? @namespace)
{
    /// <summary>Canaries.</summary>
    public Informer<CanaryObject> Canaries { get; } = Make<CanaryObject>(cluster, @namespace, ResourceType.Of<CanaryObject>());

    /// <summary>Deployments.</summary>
    public Informer<V1Deployment> Deployments { get; } = Make<V1Deployment>(cluster, @namespace, ResourceType.Of<V1Deployment>());

    /// <summary>ReplicaSets.</summary>
    public Informer<V1ReplicaSet> ReplicaSets { get; } = Make<V1ReplicaSet>(cluster, @namespace, ResourceType.Of<V1ReplicaSet>());

    /// <summary>Services.</summary>
    public Informer<V1Service> Services { get; } = Make<V1Service>(cluster, @namespace, ResourceType.Of<V1Service>());

    /// <summary>Follows everything until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(
        Canaries.RunAsync(cancellation), Deployments.RunAsync(cancellation), ReplicaSets.RunAsync(cancellation), Services.RunAsync(cancellation));

    /// <summary>Waits until everything was complete once.</summary>
    public Task WhenSettledAsync(CancellationToken cancellation) => Task.WhenAll(
        Canaries.WhenSettledAsync(cancellation), Deployments.WhenSettledAsync(cancellation), ReplicaSets.WhenSettledAsync(cancellation), Services.WhenSettledAsync(cancellation));

    private static Informer<T> Make<T>(ClusterAccess cluster, string? @namespace, ResourceChoice choice)
        where T : class, IKubernetesObject<V1ObjectMeta> => new(cluster, choice, new InformerOptions<T> { Namespace = @namespace });
}
