using System.Collections.Immutable;
using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>The Services that clients call, and those of the revisions behind them, as they are seen. Thread-safe.</summary>
internal sealed class ArmServices
{
    private const string ServiceLabel = "kubernetes.io/service-name";

    private readonly ObjectStore<V1Service> _services;
    private readonly ObjectIndex<V1Service> _arms;
    private readonly ObjectIndex<V1EndpointSlice> _slices;

    public ArmServices(ObjectStore<V1Service> services, ObjectStore<V1EndpointSlice> slices)
    {
        _services = services;
        _arms = services.AddIndex(service => service.Metadata.Labels is { } labels
            && labels.TryGetValue(InPlaceNames.CanaryLabel, out var canary) && labels.ContainsKey(InPlaceNames.RevisionLabel)
                ? [$"{service.Metadata.NamespaceProperty}/{canary}"]
                : []);
        _slices = slices.AddIndex(slice => slice.Metadata.Labels?.TryGetValue(ServiceLabel, out var name) == true ? [$"{slice.Metadata.NamespaceProperty}/{name}"] : []);
    }

    /// <summary>A Service; null when there is none.</summary>
    public V1Service? Find(ObjectKey key) => _services.TryGet(key, out var found) ? found : null;

    /// <summary>The Services of a Canary's revisions.</summary>
    /// <param name="canary">The Canary's key.</param>
    public ImmutableArray<ArmHost> Of(string canary) =>
        [.. _arms.Find(canary).Select(service => new ArmHost(service, Ready(service))).OrderBy(arm => arm.Name, StringComparer.Ordinal)];

    private int Ready(V1Service service) => _slices.Find(ObjectKey.Of(service).ToString())
        .SelectMany(slice => slice.Endpoints ?? [])
        .Where(endpoint => endpoint.Conditions is not { Ready: false } and not { Terminating: true })
        .Select(endpoint => endpoint.TargetRef?.Uid ?? string.Join(',', endpoint.Addresses ?? []))
        .Distinct(StringComparer.Ordinal)
        .Count();
}
