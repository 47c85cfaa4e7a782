using MeshCanary.Controller.Distribution;
using MeshCanary.Controller.Distribution.Cluster;
using MeshCanary.Controller.Keeping;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Traffic;
using MeshCanary.Controller.Traffic.InCluster;
using MeshCanary.Controller.Traffic.InCluster.Objects;
using MeshCanary.Controller.Workloads.InPlace.Driving;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Machinery.Resources;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>What moves pods and traffic in the cluster. It follows the cluster always, and acts on it in a term alone.</summary>
internal sealed class ClusterMachine : IDisposable
{
    private readonly InPlaceWorkload _workload;
    private readonly ClusterTraffic _traffic;
    private readonly MeshMachine _meshes;
    private readonly TrafficDriver _driver;
    private readonly WorkQueue<string> _queue;
    private readonly ClusterCustom _custom;
    private readonly PrometheusMetricSource _counts;

    public ClusterMachine(ClusterAccess cluster, ClusterCaches caches, ClusterOptions options, Action<string> changed, MachineTools tools)
    {
        _workload = new InPlaceWorkload(cluster, options.Namespaces is [var one] ? one : null, changed, tools.Time, tools.Loggers.CreateLogger<InPlaceWorkload>());
        var seen = new TrafficCaches(caches.Services.Store, caches.Deployments.Store, caches.Slices.Store, caches.Pods.Store);
        bool HasArms(string key) => _workload.Read(key).Ready.Values.Count(ready => ready > 0) > 1;
        var sights = new TrafficSights(seen, HasArms, key => Proxies!.IsInForce(key));
        var settings = new ProxySettings
        {
            Image = options.ProxyImage,
            ImagePullPolicy = options.ProxyImagePullPolicy,
            Controller = new Uri($"https://{options.ControlAddress}"),
        };
        _driver = new TrafficDriver(cluster, seen, sights, new ProxyWriter(cluster, settings, tools.Authorities), tools.Events.Record);
        Proxies = new ClusterProxies(options.Name, new ReadyProxies(_driver.Canaries, sights), new ClusterProxyMetrics(tools.Metrics), changed, tools.Time, tools.Loggers);
        _queue = new WorkQueue<string>(cluster, "traffic", _driver.LookAsync);
        _traffic = new ClusterTraffic(Proxies, _driver, sights, _queue.Add);
        _meshes = new MeshMachine(cluster, caches, options, HasArms, changed, tools);
        var routed = new RoutedTraffic(_traffic, _meshes.Traffic);
        Gate = new ReviewGate(new TokenReviewer(cluster), tools.Time);
        _counts = ClusterCounts.Make(cluster, changed, tools);
        _custom = new ClusterCustom(cluster, caches, tools.Time);
        Ports = new CanaryPorts(routed, new SourceSwitch(Proxies, _counts), _workload) { Custom = _custom.Sources };
        Parts = new ClusterParts(_workload, [routed, _workload, new CountsPart(_counts)]);
        Follow(caches, changed);
    }

    /// <summary>What Canaries are reconciled with.</summary>
    public CanaryPorts Ports { get; }

    /// <summary>What is managed and given back, in the order in which it is.</summary>
    public ClusterParts Parts { get; }

    /// <summary>The proxies of all Canaries.</summary>
    public ClusterProxies Proxies { get; }

    /// <summary>Lets proxies in.</summary>
    public IProxyGate Gate { get; }

    /// <summary>Whether the pods of the cluster are known.</summary>
    public bool HasSynced => _workload.HasSynced;

    /// <summary>Follows the cluster until it is cancelled.</summary>
    public Task WatchAsync(CancellationToken cancellation) => Task.WhenAll(_workload.WatchAsync(cancellation), _meshes.WatchAsync(cancellation));

    /// <summary>Acts until it is cancelled: for the one that leads.</summary>
    public Task DriveAsync(CancellationToken cancellation) => Task.WhenAll(
        _workload.DriveAsync(cancellation, cancellation), _queue.RunAsync(cancellation, cancellation), _meshes.DriveAsync(cancellation));

    /// <inheritdoc/>
    public void Dispose()
    {
        _custom.Dispose();
        _queue.Dispose();
        _meshes.Dispose();
        _workload.Dispose();
        Proxies.Dispose();
        _counts.Dispose();
    }

    // Whatever happens to a Service, to proxies or to what a Service leads to may be what a Canary waits for.
    private void Follow(ClusterCaches caches, Action<string> changed)
    {
        var byNamespace = caches.Canaries.Store.AddIndex(canary => [canary.Metadata.NamespaceProperty]);
        void Look(string @namespace)
        {
            foreach (var key in byNamespace.Find(@namespace).Select(canary => ObjectKey.Of(canary).ToString()).Where(_driver.Canaries.ContainsKey))
            {
                _queue.Add(key);
                changed(key);
            }
        }

        caches.Templates.Subscribe(new KeyHandler<Crds.MetricTemplateObject>(seen => Look(seen.Metadata.NamespaceProperty)));
        caches.Services.Subscribe(new KeyHandler<k8s.Models.V1Service>(seen => Look(seen.Metadata.NamespaceProperty)));
        caches.Slices.Subscribe(new KeyHandler<k8s.Models.V1EndpointSlice>(seen => Look(seen.Metadata.NamespaceProperty)));
        caches.Deployments.Subscribe(new KeyHandler<k8s.Models.V1Deployment>(seen =>
        {
            if (seen.Metadata.Labels?.ContainsKey(ProxyOwner.ProxyLabel) == true)
                Look(seen.Metadata.NamespaceProperty);
        }));
        caches.Pods.Subscribe(new KeyHandler<k8s.Models.V1Pod>(seen =>
        {
            if (seen.Metadata.Labels?.ContainsKey(ProxyOwner.ProxyLabel) == true)
                Look(seen.Metadata.NamespaceProperty);
        }));
    }
}
