using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Controller.Workloads.InPlace.Viewing;

namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>
/// The objects of one namespace. An object is never changed: each write puts another in its place with a version of its own, so that a
/// view is of the moment in which it was taken.
/// </summary>
internal sealed class ModelCluster
{
    public const string Space = "shop";

    private readonly Dictionary<ConfigReference, string> _configs = [];
    private long _clock;

    public ModelCluster(int replicas, V1PodTemplateSpec template)
    {
        Deployment = new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = Space, Uid = "d-uid", Generation = 1, Annotations = new Dictionary<string, string>() },
            Spec = new V1DeploymentSpec
            {
                Replicas = replicas,
                Template = template,
                Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
            },
        };
        Put(Deployment);
    }

    public CanaryOwner Canary { get; } = new(Space, "web", "c-uid");

    public V1Deployment Deployment { get; private set; }

    public SortedDictionary<string, V1ReplicaSet> Sets { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, V1Service> Services { get; } = new(StringComparer.Ordinal);

    public List<ModelPod> Pods { get; } = [];

    /// <summary>Pods that ended, with the revision that they were of.</summary>
    public List<(ModelPod Pod, string? Revision)> Ended { get; } = [];

    /// <summary>Pods that were ever made, by the name of their ReplicaSet's revision.</summary>
    public Dictionary<string, int> Started { get; } = [];

    public V1ResourceQuota? Quota { get; set; }

    /// <summary>Hashes whose pods never get ready.</summary>
    public HashSet<string> Broken { get; } = [];

    public V1Service Service { get; } = new()
    {
        Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = Space, Uid = "s-uid" },
        Spec = new V1ServiceSpec
        {
            Selector = new Dictionary<string, string> { ["app"] = "web" },
            Ports = [new V1ServicePort { Name = "http", Port = 80, TargetPort = "http", Protocol = "TCP" }],
        },
    };

    public string Next() => (++_clock).ToString(CultureInfo.InvariantCulture);

    public DateTime Tick() => DateTime.UnixEpoch.AddSeconds(++_clock);

    public void SetConfig(string name, string content) => _configs[new ConfigReference(ConfigReference.ConfigMap, name)] = content;

    public void Put(V1Deployment next)
    {
        next.Metadata.ResourceVersion = Next();
        Deployment = next;
    }

    /// <summary>Writes the Deployment as somebody does; a change of the spec is a generation.</summary>
    public void Edit(Action<V1DeploymentSpec, IDictionary<string, string>> change, bool spec = true)
    {
        var next = Clones.Of(Deployment);
        change(next.Spec, next.Metadata.Annotations);
        if (spec)
            next.Metadata.Generation++;
        Put(next);
    }

    public void Label(string name, string? value)
    {
        var next = Clones.Of(Deployment);
        next.Metadata.Labels = new Dictionary<string, string>(next.Metadata.Labels ?? new Dictionary<string, string>());
        if (value is null)
            next.Metadata.Labels.Remove(name);
        else
            next.Metadata.Labels[name] = value;
        Put(next);
    }

    public void Put(V1ReplicaSet next)
    {
        next.Metadata.ResourceVersion = Next();
        Sets[next.Metadata.Name] = next;
    }

    public void Edit(string name, Action<V1ReplicaSet> change, bool spec = true)
    {
        var next = Clones.Of(Sets[name]);
        change(next);
        if (spec)
            next.Metadata.Generation++;
        Put(next);
    }

    public void Put(V1Service next)
    {
        next.Metadata.ResourceVersion = Next();
        Services[next.Metadata.Name] = next;
    }

    public IEnumerable<V1ReplicaSet> Owned => Sets.Values.Where(set => Objects.Controller(set) == Deployment.Metadata.Uid);

    public IReadOnlyList<V1ReplicaSet> Active => [.. Owned.Where(Objects.IsActive)];

    public IReadOnlyList<ModelPod> PodsOf(string revision) =>
        [.. Pods.Where(pod => Sets.Values.Any(set => set.Metadata.Uid == pod.SetUid && Objects.Revision(set) == revision))];

    public InPlaceView View() => new()
    {
        Canary = Canary,
        DeploymentName = "web",
        ServiceName = "web",
        Deployment = Deployment,
        ReplicaSets = [.. Sets.Values],
        Service = Service,
        ArmServices = [.. Services.Values],
        Slices = [.. Services.Values.Select(Slice)],
        Quotas = Quota is null ? [] : [Quota],
        Configs = new ConfigContents(_configs.ToImmutableDictionary(pair => pair.Key, pair => ConfigContents.HashOf([KeyValuePair.Create("data", pair.Value)]))),
    };

    private V1EndpointSlice Slice(V1Service service) => new()
    {
        AddressType = "IPv4",
        Metadata = new V1ObjectMeta { Name = service.Metadata.Name, Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = service.Metadata.Name } },
        Ports = [new Discoveryv1EndpointPort { Name = "http", Port = 8080 }],
        Endpoints =
        [
            .. Pods.Where(pod => pod.Hash == Objects.SelectedHash(service))
                .Select(pod => new V1Endpoint { Addresses = [$"10.0.{pod.Uid}"], Conditions = new V1EndpointConditions { Ready = pod.Ready } }),
        ],
    };
}
