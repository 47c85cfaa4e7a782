using System.Collections.Immutable;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Keeping;
using MeshCanary.Controller.Traffic.Meshes;
using MeshCanary.Controller.Traffic.Meshes.GatewayApi;
using MeshCanary.Controller.Traffic.Meshes.Istio;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Queueing;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>What moves the traffic of Canaries that a mesh splits. It follows the cluster always, and acts on it in a term alone.</summary>
internal sealed class MeshMachine : IDisposable
{
    private readonly ImmutableDictionary<string, MeshKinds> _meshes;
    private readonly MeshDriver _driver;
    private readonly WorkQueue<string> _queue;
    private readonly ObjectIndex<CanaryObject> _byNamespace;
    private readonly Action<string> _changed;

    /// <param name="cluster">The cluster.</param>
    /// <param name="caches">What is seen of it.</param>
    /// <param name="options">How the controller is run.</param>
    /// <param name="hasArms">Whether a Canary has pods of other versions than its workload's own.</param>
    /// <param name="changed">Called with a Canary that somebody should look at.</param>
    /// <param name="tools">What is worked with.</param>
    public MeshMachine(ClusterAccess cluster, ClusterCaches caches, ClusterOptions options, Func<string, bool> hasArms, Action<string> changed, MachineTools tools)
    {
        _changed = changed;
        IMeshDialect[] dialects = [new IstioDialect(), new GatewayApiDialect()];
        var space = options.Namespaces is [var one] ? one : null;
        _meshes = dialects.ToImmutableDictionary(dialect => dialect.Name, dialect => new MeshKinds(dialect, cluster, space, Look, tools.Time));
        var sights = new MeshSights(_meshes, new ArmServices(caches.Services.Store, caches.Slices.Store), hasArms);
        _driver = new MeshDriver(cluster, sights, changed, tools.Events.Record, tools.Time);
        _queue = new WorkQueue<string>(cluster, "meshes", _driver.LookAsync);
        Traffic = new MeshTraffic(_driver, sights, _queue.Add);
        _byNamespace = caches.Canaries.Store.AddIndex(canary => [canary.Metadata.NamespaceProperty]);
        caches.Services.Subscribe(new KeyHandler<k8s.Models.V1Service>(seen => Look(seen.Metadata.NamespaceProperty)));
        caches.Slices.Subscribe(new KeyHandler<k8s.Models.V1EndpointSlice>(seen => Look(seen.Metadata.NamespaceProperty)));
    }

    /// <summary>The traffic.</summary>
    public MeshTraffic Traffic { get; }

    /// <summary>Follows the objects of the meshes that Canaries have, until it is cancelled.</summary>
    public Task WatchAsync(CancellationToken cancellation) => Task.WhenAll(_meshes.Values.Select(mesh => mesh.RunAsync(cancellation)));

    /// <summary>Acts until it is cancelled: for the one that leads.</summary>
    public Task DriveAsync(CancellationToken cancellation) => _queue.RunAsync(cancellation, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    // Whatever happens to a route, a Service or what it leads to may be what a Canary waits for.
    private void Look(string @namespace)
    {
        foreach (var key in _byNamespace.Find(@namespace).Select(canary => ObjectKey.Of(canary).ToString()).Where(_driver.Canaries.ContainsKey))
        {
            _queue.Add(key);
            _changed(key);
        }
    }
}
