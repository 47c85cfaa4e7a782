using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Traffic.InCluster.Objects;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.InCluster;

/// <summary>What is seen of the cluster, by informers that others may share. Thread-safe.</summary>
internal sealed class TrafficCaches
{
    private const string ServiceLabel = "kubernetes.io/service-name";

    private readonly ObjectStore<V1Service> _services;
    private readonly ObjectStore<V1Deployment> _deployments;
    private readonly ObjectIndex<V1EndpointSlice> _slices;
    private readonly ObjectIndex<V1Pod> _pods;
    private readonly ObjectIndex<V1Service> _switched;
    private readonly ObjectIndex<V1Service> _arms;

    /// <param name="services">Services.</param>
    /// <param name="deployments">Deployments: those of users, and those of proxies.</param>
    /// <param name="slices">Slices of endpoints.</param>
    /// <param name="pods">Pods, at least those with <see cref="ProxyOwner.ProxyLabel"/>.</param>
    public TrafficCaches(ObjectStore<V1Service> services, ObjectStore<V1Deployment> deployments, ObjectStore<V1EndpointSlice> slices, ObjectStore<V1Pod> pods)
    {
        (_services, _deployments) = (services, deployments);
        _slices = slices.AddIndex(slice => Place(slice.Metadata, ServiceLabel));
        _switched = services.AddIndex(service => service.Metadata.Annotations is { } notes
            && notes.ContainsKey(ApiNames.OriginalSelectorAnnotation) && notes.TryGetValue(ApiNames.CanaryAnnotation, out var canary)
                ? [$"{service.Metadata.NamespaceProperty}/{canary}"]
                : []);
        _arms = services.AddIndex(service => service.Metadata.Labels is { } labels
            && labels.TryGetValue(InPlaceNames.CanaryLabel, out var canary) && labels.TryGetValue(InPlaceNames.RevisionLabel, out var revision)
                ? [$"{service.Metadata.NamespaceProperty}/{canary}/{revision}"]
                : []);
        _pods = pods.AddIndex(pod => Place(pod.Metadata, ProxyOwner.ProxyLabel));
    }

    /// <summary>A Service; null when there is none.</summary>
    public V1Service? Service(ObjectKey key) => _services.TryGet(key, out var found) ? found : null;

    /// <summary>The Services that were switched for a Canary.</summary>
    public IReadOnlyList<V1Service> Switched(ProxyOwner owner) => _switched.Find(owner.Key);

    /// <summary>A Deployment; null when there is none.</summary>
    public V1Deployment? Deployment(ObjectKey key) => _deployments.TryGet(key, out var found) ? found : null;

    /// <summary>Names of the pods that a Service's slices list, ready or not.</summary>
    public IEnumerable<string> Listed(ObjectKey service) => _slices.Find(service.ToString())
        .SelectMany(slice => slice.Endpoints ?? []).Select(endpoint => endpoint.TargetRef?.Name).OfType<string>();

    /// <summary>The slices of a revision's Services.</summary>
    public IEnumerable<V1EndpointSlice> Slices(ProxyOwner owner, string revision) => _arms.Find($"{owner.Key}/{revision}")
        .SelectMany(service => _slices.Find(ObjectKey.Of(service.Metadata).ToString()));

    /// <summary>The pods of a Canary's proxies.</summary>
    public IReadOnlyList<V1Pod> Pods(ProxyOwner owner) => _pods.Find($"{owner.Namespace}/{owner.ProxyName}");

    private static IEnumerable<string> Place(V1ObjectMeta metadata, string label) =>
        metadata.Labels?.TryGetValue(label, out var value) == true ? [$"{metadata.NamespaceProperty}/{value}"] : [];
}
