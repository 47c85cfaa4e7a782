using System.Collections.Concurrent;
using k8s.Models;
using MeshCanary.TestCluster.Following;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>
/// Stands in for scheduler and kubelets: registers nodes, binds pods to them, and runs the containers as processes.
/// </summary>
internal sealed class StandInKubelet
{
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(10);

    private readonly KubeletParts _parts;
    private readonly string[] _nodes;
    private readonly Follower<V1Pod> _pods;
    private readonly PodPlacement _placement;
    private readonly ConcurrentDictionary<string, (PodRunner Runner, Task Work)> _runners = new();

    /// <summary>Prepares it.</summary>
    /// <param name="parts">What all pods share.</param>
    /// <param name="nodes">How many nodes there are.</param>
    public StandInKubelet(KubeletParts parts, int nodes)
    {
        _parts = parts;
        _nodes = [.. Enumerable.Range(1, nodes).Select(number => $"node-{number}")];
        _pods = Followers.Pods(parts.Client, parts.Time);
        _placement = new PodPlacement(parts.Client, _nodes);
    }

    /// <summary>Registers the nodes.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    public Task RegisterAsync(CancellationToken cancellation) =>
        new Nodes(_parts.Client, _parts.Time).RegisterAsync(_nodes, cancellation);

    /// <summary>Runs pods until cancelled, and then ends all that run.</summary>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(
            new Nodes(_parts.Client, _parts.Time).RunAsync(_nodes, cancellation),
            _pods.RunAsync((pod, gone) => Change(pod, gone, cancellation), cancellation));
        foreach (var (runner, _) in _runners.Values)
            runner.Gone();
        await Task.WhenAll(_runners.Values.Select(one => one.Work)).WaitAsync(EndDeadline, _parts.Time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Runs a command in a container of a pod.</summary>
    /// <param name="space">The pod's namespace.</param>
    /// <param name="pod">Its name.</param>
    /// <param name="container">The container, or null for the first.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <exception cref="InvalidOperationException">No such pod runs here.</exception>
    public Task<ToolResult> ExecAsync(
        string space, string pod, string? container, IEnumerable<string> command, CancellationToken cancellation) =>
        Find(space, pod).ExecAsync(container, command, cancellation);

    /// <summary>Ends a container's process without a word.</summary>
    /// <param name="space">The pod's namespace.</param>
    /// <param name="pod">Its name.</param>
    /// <param name="container">The container, or null for the first.</param>
    /// <exception cref="InvalidOperationException">No such pod runs here.</exception>
    public void Crash(string space, string pod, string? container) => Find(space, pod).Crash(container);

    private PodRunner Find(string space, string pod) => _runners.Values.Select(one => one.Runner)
        .FirstOrDefault(one => one.Pod.Metadata.Name == pod && one.Pod.Metadata.NamespaceProperty == space)
        ?? throw new InvalidOperationException($"No pod {space}/{pod} runs here.");

    private void Change(V1Pod pod, bool gone, CancellationToken cancellation)
    {
        var uid = pod.Metadata.Uid;
        if (gone)
        {
            if (_runners.TryRemove(uid, out var ended))
                ended.Runner.Gone();
        }
        else if (_runners.TryGetValue(uid, out var running))
        {
            running.Runner.Update(pod);
        }
        else if (pod.Spec.NodeName is null or "")
        {
            if (pod.Metadata.DeletionTimestamp is null)
                _ = _placement.BindAsync(pod, _pods.Objects, cancellation);
        }
        else if (_nodes.Contains(pod.Spec.NodeName) && pod.Status?.Phase is not ("Succeeded" or "Failed"))
        {
            var runner = new PodRunner(_parts, pod);
            runner.Update(pod);
            _runners[uid] = (runner, Task.Run(runner.RunAsync, CancellationToken.None));
        }
    }
}
