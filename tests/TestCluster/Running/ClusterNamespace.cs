using k8s;
using k8s.Models;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.TestCluster.Running;

/// <summary>A namespace of a test's own. Safe to use from several threads.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="name">Its name.</param>
public sealed class ClusterNamespace(Cluster cluster, string name) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <summary>The cluster it is in.</summary>
    public Cluster Cluster => cluster;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>A client with all rights.</summary>
    public IKubernetes Client => cluster.Client;

    /// <summary>Creates the objects of a manifest, or merges them into those that are there.</summary>
    /// <param name="yaml">One or more documents; their namespace is this one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task ApplyAsync(string yaml, CancellationToken cancellation)
    {
        foreach (var document in Manifest.Split(yaml))
            await document.ApplyAsync((Kubernetes)Client, name, cancellation);
    }

    /// <summary>The pods, by labels.</summary>
    /// <param name="selector">As <c>kubectl -l</c> takes it; all unless given.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IList<V1Pod>> PodsAsync(string? selector, CancellationToken cancellation) =>
        (await Client.CoreV1.ListNamespacedPodAsync(name, labelSelector: selector, cancellationToken: cancellation)).Items;

    /// <summary>Waits until a Deployment has rolled out: every pod is of its newest template, and available.</summary>
    /// <param name="deployment">Its name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task AvailableAsync(string deployment, CancellationToken cancellation)
    {
        var last = "nothing";
        await Eventually.TrueAsync(
            async () =>
            {
                var seen = await Client.AppsV1.ReadNamespacedDeploymentAsync(deployment, name, cancellationToken: cancellation);
                last = KubernetesJson.Serialize(seen.Status);
                var wanted = seen.Spec.Replicas ?? 1;
                return seen.Status.ObservedGeneration >= seen.Metadata.Generation
                    && seen.Status.UpdatedReplicas == wanted && seen.Status.AvailableReplicas == wanted && seen.Status.Replicas == wanted;
            },
            Deadline, $"the deployment {deployment} is available", () => last, cancellation);
    }

    /// <summary>Waits until a pod is as wanted.</summary>
    /// <param name="selector">Which pod, as <c>kubectl -l</c> takes it.</param>
    /// <param name="wanted">Says whether it is.</param>
    /// <param name="because">What is wanted, in words.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The pod.</returns>
    public async Task<V1Pod> PodAsync(string selector, Func<V1Pod, bool> wanted, string because, CancellationToken cancellation)
    {
        V1Pod? found = null;
        var last = "no pod";
        await Eventually.TrueAsync(
            async () =>
            {
                var pods = await PodsAsync(selector, cancellation);
                last = string.Join('\n', pods.Select(pod => $"{pod.Metadata.Name}: {KubernetesJson.Serialize(pod.Status)}"));
                found = pods.FirstOrDefault(wanted);
                return found is not null;
            },
            Deadline, because, () => last, cancellation);
        return found!;
    }

    /// <summary>The address of a Service, to be called from anywhere in the cluster and from this process.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Uri> AddressAsync(string service, CancellationToken cancellation)
    {
        var found = await Client.CoreV1.ReadNamespacedServiceAsync(service, name, cancellationToken: cancellation);
        return new UriBuilder("http", found.Spec.ClusterIP, found.Spec.Ports[0].Port).Uri;
    }

    /// <summary>Deletes the namespace, without a wait for its end.</summary>
    public async ValueTask DisposeAsync() => await Client.CoreV1.DeleteNamespaceAsync(name);
}
