using k8s;
using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Workloads.InPlace.Driving;

/// <summary>The caches that workloads are seen by, with what was just written over them. Thread-safe.</summary>
internal sealed class InPlaceCaches
{
    private readonly Informer<V1Deployment> _deployments;
    private readonly Informer<V1ReplicaSet> _sets;
    private readonly Informer<V1Service> _services;
    private readonly Informer<RawObject> _endpoints;
    private readonly Informer<V1ResourceQuota> _quotas;
    private readonly Informer<RawObject> _scalers;
    private readonly ObjectIndex<V1ReplicaSet> _setsByOwner;
    private readonly ObjectIndex<V1Service> _servicesByCanary;
    private readonly ObjectIndex<RawObject> _endpointsByCanary;
    private readonly ObjectIndex<V1ResourceQuota> _quotasBySpace;
    private readonly ObjectIndex<RawObject> _scalersByTarget;

    public InPlaceCaches(ClusterAccess cluster, string? space, TimeProvider time)
    {
        _deployments = Make<V1Deployment>(cluster, space, ResourceType.Of<V1Deployment>());
        _sets = Make<V1ReplicaSet>(cluster, space, ResourceType.Of<V1ReplicaSet>());
        _services = Make<V1Service>(cluster, space, ResourceType.Of<V1Service>());
        // The labels of a Service are on what lists its endpoints as well.
        _endpoints = Make<RawObject>(cluster, space, ResourceChoice.Endpoints, InPlaceNames.CanaryLabel);
        _quotas = Make<V1ResourceQuota>(cluster, space, ResourceType.Of<V1ResourceQuota>());
        _scalers = Make<RawObject>(cluster, space, ResourceChoice.Autoscalers);
        _setsByOwner = _sets.Store.AddIndex(IndexKeys.Owners);
        _servicesByCanary = _services.Store.AddIndex(OfCanary);
        _endpointsByCanary = _endpoints.Store.AddIndex(OfCanary);
        _quotasBySpace = _quotas.Store.AddIndex(IndexKeys.Namespace);
        _scalersByTarget = _scalers.Store.AddIndex(scaler => [Key(scaler.Metadata.NamespaceProperty, TargetOf(scaler))]);
        Deployments = new(time);
        Sets = new(time);
        Services = new(time);
    }

    /// <summary>Deployments that were just written.</summary>
    public Overlay<V1Deployment> Deployments { get; }

    /// <summary>ReplicaSets that were just written.</summary>
    public Overlay<V1ReplicaSet> Sets { get; }

    /// <summary>Services that were just written.</summary>
    public Overlay<V1Service> Services { get; }

    /// <summary>Whether what decisions rest on was read once: before that, nothing that is absent is known to be.</summary>
    public bool HasSynced => _deployments.HasSynced && _sets.HasSynced && _services.HasSynced && _endpoints.HasSynced
        && IsKnown(_quotas) && IsKnown(_scalers);

    /// <summary>Says what changed: the namespace, and the Deployment, Service or Canary that it concerns; null for all of a namespace.</summary>
    public void Subscribe(Action<string, string?> changed)
    {
        _deployments.Subscribe(new ChangeHandler<V1Deployment>((before, after) => Tell(changed, after ?? before, (after ?? before)?.Metadata.Name)));
        _sets.Subscribe(new ChangeHandler<V1ReplicaSet>((before, after) =>
        {
            // It may have gone from one owner to the other.
            Tell(changed, before, OwnerOf(before));
            Tell(changed, after, OwnerOf(after));
        }));
        _services.Subscribe(new ChangeHandler<V1Service>((before, after) => Tell(changed, after ?? before, CanaryOf(after ?? before) ?? (after ?? before)?.Metadata.Name)));
        _endpoints.Subscribe(new ChangeHandler<RawObject>((before, after) => Tell(changed, after ?? before, CanaryOf(after ?? before))));
        _quotas.Subscribe(new ChangeHandler<V1ResourceQuota>((before, after) => Tell(changed, after ?? before, null)));
        _scalers.Subscribe(new ChangeHandler<RawObject>((before, after) => Tell(changed, after ?? before, (after ?? before) is { } scaler ? TargetOf(scaler) : null)));
    }

    /// <summary>Follows the cluster until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(
        _deployments.RunAsync(cancellation),
        _sets.RunAsync(cancellation),
        _services.RunAsync(cancellation),
        _endpoints.RunAsync(cancellation),
        _quotas.RunAsync(cancellation),
        _scalers.RunAsync(cancellation));

    /// <summary>What there is of a workload, but for pods and the contents of its configuration.</summary>
    public InPlaceView Look(InPlaceBinding binding)
    {
        var space = binding.Canary.Namespace;
        var deployment = Find(_deployments, Deployments, space, binding.Workload.Name);
        var owners = new[] { binding.Canary.Uid, deployment?.Metadata.Uid }.OfType<string>().ToList();
        var sets = Sets.Over(space, owners.SelectMany(_setsByOwner.Find).DistinctBy(set => set.Metadata.Name));
        var services = Services.Over(space, _servicesByCanary.Find(Key(space, binding.Canary.Name)));
        return binding.Empty with
        {
            Deployment = deployment,
            ReplicaSets = [.. sets.Where(set => Objects.Controller(set) is { } owner && owners.Contains(owner))],
            Service = Find(_services, Services, space, binding.Service.Name),
            ArmServices = [.. services.Where(service => Objects.Controller(service) == binding.Canary.Uid).OrderBy(service => service.Metadata.Name, StringComparer.Ordinal)],
            Slices = [.. _endpointsByCanary.Find(Key(space, binding.Canary.Name)).SelectMany(SlicesOf)],
            Quotas = [.. _quotasBySpace.Find(space)],
            ScalerFloor = FloorOf(Key(space, binding.Workload.Name)),
        };
    }

    private static Informer<T> Make<T>(ClusterAccess cluster, string? space, ResourceChoice choice, string? labels = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => new(cluster, choice, new InformerOptions<T> { Namespace = space, LabelSelector = labels });

    private static T? Find<T>(Informer<T> informer, Overlay<T> overlay, string space, string name)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = new ObjectKey(space, name);
        return overlay.Over(key, informer.Store.TryGet(key, out var found) ? found : null);
    }

    private static bool IsKnown<T>(Informer<T> informer)
        where T : class, IKubernetesObject<V1ObjectMeta> => informer.HasSynced || informer.State == InformerState.NotServed;

    private int? FloorOf(string target) => _scalersByTarget.Find(target)
        .Select(scaler => scaler.At("spec", "minReplicas") is { ValueKind: System.Text.Json.JsonValueKind.Number } least ? least.GetInt32() : 1)
        .Select(least => (int?)least).DefaultIfEmpty(null).Max();

    private static IEnumerable<V1EndpointSlice> SlicesOf(RawObject listed) => listed.At("subsets") is null && listed.At("addressType") is not null
        ? [KubernetesJson.Deserialize<V1EndpointSlice>(listed.Json)]
        : EndpointsSlices.Of(KubernetesJson.Deserialize<V1Endpoints>(listed.Json));

    private static string TargetOf(RawObject scaler) =>
        scaler.At("spec", "scaleTargetRef", "kind")?.GetString() == "Deployment" ? scaler.At("spec", "scaleTargetRef", "name")?.GetString() ?? "" : "";

    private static string? CanaryOf(IKubernetesObject<V1ObjectMeta>? of) => of is null ? null : Objects.Label(of, InPlaceNames.CanaryLabel);

    private static string? OwnerOf(V1ReplicaSet? set) => set?.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true)?.Name;

    private static IEnumerable<string> OfCanary(IKubernetesObject<V1ObjectMeta> of) => CanaryOf(of) is { } canary ? [Key(of.Metadata.NamespaceProperty, canary)] : [];

    private static string Key(string? space, string name) => $"{space}/{name}";

    private static void Tell(Action<string, string?> changed, IKubernetesObject<V1ObjectMeta>? of, string? whom)
    {
        if (of is not null && (whom is not null || of is V1ResourceQuota))
            changed(of.Metadata.NamespaceProperty, whom);
    }
}
