using k8s;
using k8s.Models;
using MeshCanary.TestCluster.Running;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>What a team has written in a namespace, as text: whatever we would touch or make there shows in it.</summary>
internal static class Untouched
{
    /// <summary>Looks.</summary>
    public static async Task<string> SightAsync(ClusterNamespace space, CancellationToken stop)
    {
        var (client, name) = (space.Client, space.Name);
        var services = (await client.CoreV1.ListNamespacedServiceAsync(name, cancellationToken: stop)).Items;
        var deployments = (await client.AppsV1.ListNamespacedDeploymentAsync(name, cancellationToken: stop)).Items;
        var sets = (await client.AppsV1.ListNamespacedReplicaSetAsync(name, cancellationToken: stop)).Items;
        var accounts = (await client.CoreV1.ListNamespacedServiceAccountAsync(name, cancellationToken: stop)).Items;
        // A Service has no status here that somebody else writes: its version tells of every write.
        return string.Join('\n', services.Select(one => $"{Show("Service", one.Metadata, one.Spec)} {one.Metadata.ResourceVersion}")
            .Concat(deployments.Select(one => Show("Deployment", one.Metadata, one.Spec)))
            .Concat(sets.Select(one => Show("ReplicaSet", one.Metadata, one.Spec)))
            .Concat(accounts.Select(one => $"ServiceAccount {one.Metadata.Name}")));
    }

    private static string Show(string kind, V1ObjectMeta meta, object spec) =>
        $"{kind} {meta.Name} {KubernetesJson.Serialize(new { meta.Labels, meta.Annotations, meta.OwnerReferences, meta.Finalizers, meta.Generation, Writers = meta.ManagedFields?.Select(one => one.Manager).Order(), Spec = spec })}";
}
