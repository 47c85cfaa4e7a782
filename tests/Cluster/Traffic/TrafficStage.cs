using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using k8s;
using k8s.Models;
using MeshCanary.Controller.Admission.Certifying;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Crds.Generating;
using MeshCanary.Controller.Distribution;
using MeshCanary.Controller.Distribution.Cluster;
using MeshCanary.Controller.Hosting;
using MeshCanary.Controller.Traffic;
using MeshCanary.Controller.Traffic.InCluster;
using MeshCanary.Controller.Traffic.InCluster.Objects;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Events;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;
using MeshCanary.TestCluster.Isolation;
using MeshCanary.TestCluster.Running;
using MeshCanary.Testing.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Cluster.Tests.Traffic;

/// <summary>The data path of one Canary without its decisions: the test says what traffic is wanted.</summary>
internal sealed class TrafficStage : ILeadership, IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly CancellationTokenSource _stop = new();
    private readonly ClusterNamespace _space;
    private readonly ClusterAccess _access;
    private readonly Teardown _teardown = new();
    private readonly TrafficDriver _driver;
    private readonly WorkQueue<string> _queue;
    private readonly ObjectStore<V1Pod> _pods;
    private readonly TrafficCaches _caches;
    private readonly List<Func<CancellationToken, Task>> _loops = [];
    private Task _work = Task.CompletedTask;
    private CanaryManifest? _manifest;

    private TrafficStage(ClusterNamespace space, KeyedCertificate authority, Uri controller, ClusterAccess access)
    {
        (_space, _access) = (space, access);
        var services = Informer<V1Service>(ResourceType.Of<V1Service>());
        var deployments = Informer<V1Deployment>(ResourceType.Of<V1Deployment>());
        var pods = Informer<V1Pod>(ResourceType.Of<V1Pod>());
        var slices = Informer<V1EndpointSlice>(ResourceChoice.Versions("discovery.k8s.io", "endpointslices", "EndpointSlice", "v1", "v1beta1"));
        _pods = pods.Store;
        _caches = new TrafficCaches(services.Store, deployments.Store, slices.Store, pods.Store);
        var sights = new TrafficSights(_caches, _ => HasArms, key => Proxies!.IsInForce(key));
        var settings = new ProxySettings
        {
            Image = "meshcanary:test", Controller = controller, DrainDelay = TimeSpan.FromSeconds(2), DrainTimeout = TimeSpan.FromSeconds(10), MemoryRequest = "16Mi", CpuRequest = "1m",
        };
        _driver = new TrafficDriver(access, _caches, sights, new ProxyWriter(access, settings, () => authority.Certificate), Events.Enqueue);
        _queue = new WorkQueue<string>(access, "traffic", _driver.LookAsync);
        var metrics = new ClusterProxyMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()));
        Proxies = new ClusterProxies("test", new ReadyProxies(_driver.Canaries, sights), metrics, _ => { }, TimeProvider.System, NullLoggerFactory.Instance);
        Traffic = new ClusterTraffic(Proxies, _driver, sights, _queue.Add);
        Reviews = new ReviewGate(new TokenReviewer(access), TimeProvider.System);
    }

    public bool IsLeading { get; set; } = true;

    public string? Leader => null;

    public bool HasArms { get; set; }

    public ClusterProxies Proxies { get; }

    public ClusterTraffic Traffic { get; }

    public ReviewGate Reviews { get; }

    public ConcurrentQueue<ObjectEvent> Events { get; } = new();

    /// <summary>What the proxies are told.</summary>
    public IPEndPoint Control { get; private set; } = new(IPAddress.Any, 0);

    private string Key => $"{_space.Name}/checkout";

    /// <summary>Starts it for a Canary <c>checkout</c> whose workload and Service are called so too.</summary>
    public static async Task<TrafficStage> StartAsync(ClusterNamespace space, CancellationToken cancellation)
    {
        foreach (var (_, crd) in CrdFiles.All)
            await space.ApplyAsync(crd, cancellation);
        var time = TimeProvider.System;
        var authority = CertificateMaker.Authority(time.GetUtcNow(), TimeSpan.FromDays(1));
        var serving = CertificateMaker.Serving(authority, [OwnNamespace.Gateway], time.GetUtcNow(), TimeSpan.FromHours(12)).ReadWithKey();
        var port = FreePort();
        var access = ClusterAccess.Connect(
            space.Cluster.Admin.Configuration(), Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry()), time, NullLoggerFactory.Instance);
        var stage = new TrafficStage(space, authority, new Uri($"https://{OwnNamespace.Gateway}:{port}"), access);
        stage._teardown.Add(access);
        var parts = new ControlParts(stage, stage.Reviews, stage.Proxies, time);
        var host = await ControlHost.StartAsync(new IPEndPoint(IPAddress.Any, port), ControlTls.Of(() => serving), parts, NullLoggerFactory.Instance, cancellation);
        stage._teardown.Add(host);
        stage.Control = host.Address;
        stage._work = Task.WhenAll(stage._loops.Append(stop => stage._queue.RunAsync(stop)).Select(loop => Task.Run(() => loop(stage._stop.Token), CancellationToken.None)));
        await stage.ManageAsync(cancellation);
        return stage;
    }

    /// <summary>Says what is wanted: all traffic to the pods that are there, clients led to the proxies or not.</summary>
    public async Task WantAsync(bool isAdopted, CancellationToken cancellation, int port = 8080)
    {
        var endpoints = (await _space.PodsAsync("app=checkout", cancellation))
            .Where(pod => pod.Metadata.DeletionTimestamp is null).Select(pod => $"http://{pod.Status.PodIP}:{port}").Order(StringComparer.Ordinal).ToImmutableArray();
        var stable = new Revision { Name = "v1", Addresses = [] };
        Traffic.Apply(new RouteOrder(_manifest!, new TrafficPlan { Stable = stable }, [], null, endpoints, []) { IsAdopted = isAdopted });
    }

    /// <summary>Adopts: proxies, their acknowledgement, then the switch.</summary>
    public async Task AdoptAsync(CancellationToken cancellation, int port = 8080)
    {
        await WantAsync(isAdopted: false, cancellation, port);
        await UntilAsync(() => Task.FromResult(Traffic.Observe(Key).Traffic.Acknowledged is not null), "every proxy has acknowledged", () => $"{Traffic.Observe(Key).Traffic}");
        await WantAsync(isAdopted: true, cancellation, port);
        await UntilAsync(async () => await IsSwitchedAsync(cancellation) && Listed is { Count: 2 } listed && listed.All(IsProxy), "the Service leads to the proxies");
    }

    /// <summary>Releases, and waits until nothing is left.</summary>
    public Task ReleaseAsync() => UntilAsync(() => Task.FromResult(Traffic.GiveBack(Key) is null), "everything is given back", () => $"waits for {Traffic.GiveBack(Key)}");

    public async Task<bool> IsSwitchedAsync(CancellationToken cancellation) =>
        (await ServiceAsync(cancellation)).Spec.Selector.ContainsKey(ProxyOwner.ProxyLabel);

    public Task<V1Service> ServiceAsync(CancellationToken cancellation) =>
        _space.Client.CoreV1.ReadNamespacedServiceAsync("checkout", _space.Name, cancellationToken: cancellation);

    /// <summary>Names of the pods that the Service's slices list.</summary>
    public IReadOnlyList<string> Listed => [.. _caches.Listed(new ObjectKey(_space.Name, "checkout"))];

    public static bool IsProxy(string pod) => pod.StartsWith("checkout-meshcanary-proxy-", StringComparison.Ordinal);

    public Task UntilAsync(Func<Task<bool>> condition, string because, Func<string>? state = null) =>
        Eventually.TrueAsync(condition, Deadline, because, state ?? Logs, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Proxies.Dispose();
        _queue.Dispose();
        await _teardown.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ManageAsync(CancellationToken cancellation)
    {
        await _space.ApplyAsync(
            $$"""
            apiVersion: meshcanary.io/v1alpha1
            kind: Canary
            metadata: { name: checkout }
            spec:
              workload: { kind: Deployment, name: checkout }
              service: { name: checkout }
              strategy: { type: canary, steps: [{ weight: 10 }] }
            """,
            cancellation);
        var canary = await _space.Client.CustomObjects.GetNamespacedCustomObjectAsync<CanaryObject>(ApiNames.Group, ApiNames.Version, _space.Name, ApiNames.Canaries, "checkout", cancellation);
        _manifest = CanaryManifestReader.ReadObject(canary.Spec, _space.Name, "checkout").Manifests.Single();
        Traffic.Manage(canary.Metadata.Uid, _manifest);
    }

    private string Logs() => string.Join('\n', _pods.Objects.Where(pod => IsProxy(pod.Metadata.Name))
        .Select(pod => $"{pod.Metadata.Name} {KubernetesJson.Serialize(pod.Status)}\n{_space.Cluster.Logs(_space.Name, pod.Metadata.Name, "proxy")}")
        .Append($"traffic: {Traffic.Observe(Key).Traffic}; waits: {(_driver.Canaries.TryGetValue(Key, out var canary) ? _driver.Next(canary).Step.Waits : null)}"));

    private Informer<T> Informer<T>(ResourceChoice type)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = new Informer<T>(_access, type, new InformerOptions<T> { Namespace = _space.Name });
        _teardown.Add(informer.Subscribe(new ChangeHandler<T>((_, _) => _queue.Add(Key))));
        _loops.Add(informer.RunAsync);
        return informer;
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
