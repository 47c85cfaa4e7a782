using k8s;
using k8s.Models;
using MeshCanary.Controller.Annotating;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.Checking;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

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

    /// <summary>StatefulSets, of which none can be adopted, to say so.</summary>
    public Informer<V1StatefulSet> StatefulSets { get; } = Make<V1StatefulSet>(cluster, @namespace, ResourceType.Of<V1StatefulSet>());

    /// <summary>DaemonSets, of which none can be adopted, to say so.</summary>
    public Informer<V1DaemonSet> DaemonSets { get; } = Make<V1DaemonSet>(cluster, @namespace, ResourceType.Of<V1DaemonSet>());

    /// <summary>Endpoints of Services, in the form of slices.</summary>
    public Informer<V1EndpointSlice> Slices { get; } = Make<V1EndpointSlice>(cluster, @namespace, new ResourceChoice(
        new ResourceType("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"), new ResourceType("discovery.k8s.io", "v1beta1", "endpointslices", "EndpointSlice")));

    /// <summary>Pods.</summary>
    public Informer<V1Pod> Pods { get; } = Make<V1Pod>(cluster, @namespace, ResourceType.Of<V1Pod>());

    /// <summary>Metric templates.</summary>
    public Informer<MetricTemplateObject> Templates { get; } = Make<MetricTemplateObject>(cluster, @namespace, ResourceType.Of<MetricTemplateObject>());

    /// <summary>The workloads of a namespace.</summary>
    public NamespaceWorkloads WorkloadsOf(string space) => new()
    {
        Deployments = [.. Deployments.Store.Objects.Where(one => one.Metadata.NamespaceProperty == space)],
        StatefulSets = [.. StatefulSets.Store.Objects.Where(one => one.Metadata.NamespaceProperty == space)],
        DaemonSets = [.. DaemonSets.Store.Objects.Where(one => one.Metadata.NamespaceProperty == space)],
    };

    /// <summary>What adoption looks at.</summary>
    public AdoptionSight ForAdoption(CanaryManifest manifest)
    {
        Services.Store.TryGet(new ObjectKey(manifest.Namespace, manifest.Spec.Service.Name), out var service);
        Deployments.Store.TryGet(new ObjectKey(manifest.Namespace, manifest.Spec.Workload.Name), out var deployment);
        return new AdoptionSight { Spec = manifest.Spec, Service = service, Deployment = deployment, Workloads = WorkloadsOf(manifest.Namespace) };
    }

    /// <summary>Follows everything until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(
        Canaries.RunAsync(cancellation), Deployments.RunAsync(cancellation), ReplicaSets.RunAsync(cancellation), Services.RunAsync(cancellation),
        StatefulSets.RunAsync(cancellation), DaemonSets.RunAsync(cancellation), Slices.RunAsync(cancellation), Pods.RunAsync(cancellation), Templates.RunAsync(cancellation));

    /// <summary>Whether everything was complete once.</summary>
    public bool HasSynced => Canaries.HasSynced && Deployments.HasSynced && ReplicaSets.HasSynced && Services.HasSynced;

    /// <summary>Waits until everything was complete once.</summary>
    public Task WhenSettledAsync(CancellationToken cancellation) => Task.WhenAll(
        Canaries.WhenSettledAsync(cancellation), Deployments.WhenSettledAsync(cancellation), ReplicaSets.WhenSettledAsync(cancellation), Services.WhenSettledAsync(cancellation),
        StatefulSets.WhenSettledAsync(cancellation), DaemonSets.WhenSettledAsync(cancellation), Slices.WhenSettledAsync(cancellation), Pods.WhenSettledAsync(cancellation));

    private static Informer<T> Make<T>(ClusterAccess cluster, string? @namespace, ResourceChoice choice)
        where T : class, IKubernetesObject<V1ObjectMeta> => new(cluster, choice, new InformerOptions<T> { Namespace = @namespace });
}
