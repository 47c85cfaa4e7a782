using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Traffic.InCluster.Objects;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.InCluster;

/// <summary>Writes the objects of proxies where they are not as they are meant to be. Different Canaries at once; one at a time each.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="settings">How proxies are run.</param>
/// <param name="authorities">PEM certificates of those who may have signed the controller's, as they are now.</param>
internal sealed class ProxyWriter(ClusterAccess cluster, ProxySettings settings, Func<string> authorities)
{
    // What all of them were applied from; on the one that is applied last.
    private const string AppliedAnnotation = $"{ApiNames.Prefix}applied";

    private readonly ConcurrentDictionary<ObjectKey, long> _generations = new();

    /// <summary>Brings them to what they should be.</summary>
    /// <param name="owner">The Canary.</param>
    /// <param name="ports">What the proxies listen on.</param>
    /// <param name="service">The Service that leads to them.</param>
    /// <param name="present">Their Deployment as it was last seen; null when there is none.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <exception cref="Machinery.Calling.ApiException">A call failed.</exception>
    public async Task ApplyAsync(ProxyOwner owner, ProxyPorts ports, V1Service service, V1Deployment? present, CancellationToken cancellation)
    {
        var budgets = await cluster.Discovery.FindAsync(ResourceChoice.DisruptionBudgets, cancellation).ConfigureAwait(false);
        var objects = ProxyObjects.Of(owner, ports, settings, authorities(), budgets, HasVersion6(service));
        var hash = Hash(objects);
        var key = objects[^1].Key;
        if (present?.Metadata.Annotations?.TryGetValue(AppliedAnnotation, out var applied) == true && applied == hash
            && present.Metadata.Generation <= _generations.GetValueOrDefault(key, long.MaxValue))
            return;
        objects[^1].Intent["metadata"]!["annotations"] = new JsonObject { [AppliedAnnotation] = hash };
        foreach (var one in objects)
        {
            var written = await Writer(one.Type).ApplyAsync(one.Key, one.Intent, force: true, null, cancellation).ConfigureAwait(false);
            if (one == objects[^1] && written.Metadata.Generation is { } generation)
                _generations[key] = generation;
        }
    }

    /// <summary>Removes them. Pods that serve end as they are told to.</summary>
    /// <exception cref="Machinery.Calling.ApiException">A call failed.</exception>
    public async Task DeleteAsync(ProxyOwner owner, CancellationToken cancellation)
    {
        var key = new ObjectKey(owner.Namespace, owner.ProxyName);
        _generations.TryRemove(key, out _);
        await Writer(ProxyObjects.Deployments).DeleteAsync(key, new DeleteOptions { Propagation = "Background" }, cancellation).ConfigureAwait(false);
        if (await cluster.Discovery.FindAsync(ResourceChoice.DisruptionBudgets, cancellation).ConfigureAwait(false) is { } budgets)
            await Writer(budgets).DeleteAsync(key, null, cancellation).ConfigureAwait(false);
        // The account and the certificates go with the Canary: proxies that drain still report.
    }

    private ObjectWriter<RawObject> Writer(ResourceType type) => new(cluster, type, ApiNames.FieldManager);

    private static bool HasVersion6(V1Service service) =>
        service.Spec.IpFamilies?.Contains("IPv6") == true || service.Spec.ClusterIP?.Contains(':', StringComparison.Ordinal) == true;

    private static string Hash(IEnumerable<ProxyObject> objects) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', objects.Select(one => $"{one.Type} {one.Intent.ToJsonString()}")))))[..16];
}
