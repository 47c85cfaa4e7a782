using System.Collections.Concurrent;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>The stand-in for the scheduler: binds a pod to the node with the fewest pods of its owner. Affinities are not looked at.</summary>
/// <param name="client">The API server.</param>
/// <param name="nodes">The names of the nodes.</param>
internal sealed class PodPlacement(IKubernetes client, IReadOnlyList<string> nodes)
{
    // Where pods go whose binding has not come back yet: a burst of pods would all see the same empty node.
    private readonly ConcurrentDictionary<string, string> _assumed = new();

    /// <summary>Binds a pod.</summary>
    /// <param name="pod">A pod without a node.</param>
    /// <param name="others">All pods.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task BindAsync(V1Pod pod, IEnumerable<V1Pod> others, CancellationToken cancellation)
    {
        if (_assumed.ContainsKey(pod.Metadata.Uid))
            return;
        var node = _assumed[pod.Metadata.Uid] = Choose(pod, [.. others]);
        var binding = new V1Binding
        {
            Metadata = new V1ObjectMeta { Name = pod.Metadata.Name, Uid = pod.Metadata.Uid },
            Target = new V1ObjectReference { ApiVersion = "v1", Kind = "Node", Name = node },
        };
        try
        {
            // The answer is a Status, which the typed call would not understand.
            using var answer = await client.CoreV1.CreateNamespacedPodBindingWithHttpMessagesAsync(
                binding, pod.Metadata.Name, pod.Metadata.NamespaceProperty, cancellationToken: cancellation);
        }
        catch (HttpOperationException)
        {
            // Deleted or bound meanwhile; what is true comes with the next event.
            _assumed.TryRemove(pod.Metadata.Uid, out _);
        }
    }

    private string Choose(V1Pod pod, V1Pod[] others)
    {
        var owner = pod.Metadata.OwnerReferences?.FirstOrDefault(one => one.Controller == true)?.Uid;
        return nodes.MinBy(node => (
            others.Count(other => NodeOf(other) == node && owner is not null
                && other.Metadata.OwnerReferences?.Any(one => one.Uid == owner) == true),
            others.Count(other => NodeOf(other) == node)))!;
    }

    private string? NodeOf(V1Pod pod) => _assumed.GetValueOrDefault(pod.Metadata.Uid, pod.Spec.NodeName);
}
