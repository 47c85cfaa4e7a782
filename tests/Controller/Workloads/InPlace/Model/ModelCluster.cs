using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Controller.Workloads.InPlace.Calls;
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
    private readonly Dictionary<ConfigReference, string> _owners = [];
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

    /// <summary>Copies that there are, also those whose ReplicaSet is gone and that nobody has collected yet.</summary>
    public IEnumerable<ConfigReference> Copies => _owners.Keys;

    /// <summary>Names of ReplicaSets with a pod that was made before all that it reads was there, or reads what its revision does not have.</summary>
    public List<string> Misread { get; } = [];

    /// <summary>Makes a copy; gives whether it was made.</summary>
    public bool Copy(CreateCopy call)
    {
        if (!_configs.TryGetValue(call.Source, out var content) || ConfigContents.HashOf([KeyValuePair.Create("data", content)]) != call.Hash || !_configs.TryAdd(call.Copy, content))
            return false;
        _owners[call.Copy] = call.Set.Metadata.Uid;
        return true;
    }

    /// <summary>Collects copies whose ReplicaSet is gone.</summary>
    public void Collect()
    {
        foreach (var copy in _owners.Where(pair => Sets.Values.All(set => set.Metadata.Uid != pair.Value)).Select(pair => pair.Key).ToList())
        {
            _owners.Remove(copy);
            _configs.Remove(copy);
        }
    }

    /// <summary>Looks what a pod of a ReplicaSet reads that is made now.</summary>
    public void Read(V1ReplicaSet set)
    {
        if (!ConfigCopies.AreReadBy(set))
            return;
        var original = ConfigCopies.OriginalOf(set);
        var read = ConfigReferences.Of(original).ToImmutableDictionary(
            source => source, source => _configs.TryGetValue(ConfigCopies.Of(source, Objects.Revision(set)!), out var content) ? ConfigContents.HashOf([KeyValuePair.Create("data", content)]) : "");
        if (new ConfigContents(read).HashFor(original) != Objects.Label(set, InPlaceNames.ConfigLabel))
            Misread.Add(set.Metadata.Name);
    }

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
        Configs = Contents(),
    };

    private ConfigContents Contents()
    {
        var named = Sets.Values.Select(set => set.Spec.Template).Append(Deployment.Spec.Template).SelectMany(ConfigReferences.Of);
        // A ConfigMap that a test has not made was not read; a copy that is not there is known not to be.
        var missing = named.Where(reference => !_configs.ContainsKey(reference) && reference.Name.Contains("-mc-", StringComparison.Ordinal)).Distinct();
        return new ConfigContents(_configs.Select(pair => KeyValuePair.Create(pair.Key, ConfigContents.HashOf([KeyValuePair.Create("data", pair.Value)])))
            .Concat(missing.Select(reference => KeyValuePair.Create(reference, ""))).ToImmutableDictionary())
        {
            Owners = _owners.ToImmutableDictionary(),
        };
    }

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
