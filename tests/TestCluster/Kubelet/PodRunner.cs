using System.Diagnostics.CodeAnalysis;
using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using MeshCanary.TestCluster.Isolation;
using MeshCanary.TestCluster.Networking;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>Runs one pod from its binding to its end.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "The sources have no timers and no handles; whoever still cancels them must not find them disposed of.")]
internal sealed class PodRunner
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly KubeletParts _parts;
    private readonly StatusWriter _writer;
    private readonly PodStatus _status;
    private readonly TaskCompletionSource _deleted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _gone = new();

    private volatile V1Pod _pod;
    private volatile PodSandbox? _sandbox;
    private volatile ContainerRunner[] _initial = [];
    private volatile ContainerRunner[] _containers = [];

    /// <summary>Prepares it.</summary>
    /// <param name="parts">What all pods share.</param>
    /// <param name="pod">The pod, bound to a node.</param>
    public PodRunner(KubeletParts parts, V1Pod pod)
    {
        (_parts, _pod) = (parts, pod);
        _writer = new StatusWriter(parts.Client, pod, parts.Time);
        _status = new PodStatus(parts.Time);
    }

    /// <summary>The pod as last seen.</summary>
    public V1Pod Pod => _pod;

    /// <summary>Takes a newer version of the pod.</summary>
    /// <param name="pod">The pod.</param>
    public void Update(V1Pod pod)
    {
        _pod = pod;
        if (pod.Metadata.DeletionTimestamp is not null)
            _deleted.TrySetResult();
        if (pod.Spec.ReadinessGates is { Count: > 0 })
            _writer.Changed();
    }

    /// <summary>The pod is no more: what runs of it ends at once.</summary>
    public void Gone()
    {
        _gone.Cancel();
        _deleted.TrySetResult();
    }

    /// <summary>Runs a command in a container.</summary>
    /// <param name="container">Its name, or null for the first.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Kills it.</param>
    public Task<ToolResult> ExecAsync(string? container, IEnumerable<string> command, CancellationToken cancellation) =>
        _containers.First(one => container is null || one.Container.Name == container).ExecAsync(command, cancellation);

    /// <summary>Ends a container's process without a word.</summary>
    /// <param name="container">Its name, or null for the first.</param>
    public void Crash(string? container) => _containers.First(one => container is null || one.Container.Name == container).Crash();

    /// <summary>Runs the pod to its end.</summary>
    public async Task RunAsync()
    {
        using var reporting = new CancellationTokenSource();
        var reports = _writer.RunAsync(Status, reporting.Token);
        _writer.Changed();
        var work = WorkAsync();
        await _deleted.Task;
        await EndAsync(work);
        await reporting.CancelAsync();
        await reports.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await RemoveAsync();
    }

    private async Task WorkAsync()
    {
        try
        {
            _sandbox = await _parts.Network.AddAsync(_ending.Token);
            var reader = new ConfigReader(_parts.Client, _pod.Metadata.NamespaceProperty);
            var volumes = new PodVolumes(_parts, _pod, _sandbox.Address, reader);
            await BuildAsync(volumes);

            var scope = new PodScope(_parts, _pod, _sandbox, volumes, reader);
            var policy = _pod.Spec.RestartPolicy ?? "Always";
            foreach (var container in _pod.Spec.InitContainers ?? [])
            {
                var runner = new ContainerRunner(scope, container, policy == "Never" ? "Never" : "OnFailure", _writer.Changed);
                _initial = [.. _initial, runner];
                await runner.RunAsync();
                if (_ending.IsCancellationRequested || runner.Sight.ExitCode != 0)
                    return;
            }

            _containers = [.. _pod.Spec.Containers.Select(container => new ContainerRunner(scope, container, policy, _writer.Changed))];
            _ending.Token.ThrowIfCancellationRequested();
            await Task.WhenAll(_containers.Select(container => container.RunAsync()));
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // It ended before it had started.
        }
    }

    private async Task BuildAsync(PodVolumes volumes)
    {
        while (true)
        {
            try
            {
                await volumes.BuildAsync(_ending.Token);
                return;
            }
            catch (Exception failure) when (failure is ConfigurationException or HttpOperationException or HttpRequestException)
            {
                // As a kubelet: the pod stays ContainerCreating until what it mounts is there.
                await Task.Delay(LookAgain, _parts.Time, _ending.Token);
            }
        }
    }

    private async Task EndAsync(Task work)
    {
        var grace = TimeSpan.FromSeconds(_pod.Metadata.DeletionGracePeriodSeconds ?? 30);
        await _ending.CancelAsync();
        await Task.WhenAll(_initial.Concat(_containers).Select(container => container.StopAsync(grace, _gone.Token)));
        await work;
    }

    private async Task RemoveAsync()
    {
        if (_sandbox is { } sandbox)
            await PodNetwork.RemoveAsync(sandbox);
        if (Directory.Exists(_parts.PodFolder(_pod.Metadata.Uid)))
            Directory.Delete(_parts.PodFolder(_pod.Metadata.Uid), recursive: true);

        while (!_gone.IsCancellationRequested)
        {
            try
            {
                await _writer.WriteAsync(Status(), _gone.Token);
                await _parts.Client.CoreV1.DeleteNamespacedPodAsync(
                    _pod.Metadata.Name, _pod.Metadata.NamespaceProperty,
                    new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = _pod.Metadata.Uid } },
                    cancellationToken: _gone.Token);
                return;
            }
            catch (HttpOperationException error) when (error.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                return;
            }
            catch (Exception failure) when (failure is HttpOperationException or HttpRequestException or OperationCanceledException)
            {
                await Task.Delay(LookAgain, _parts.Time, _gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private V1PodStatus Status() => _status.Write(_pod, _sandbox?.Address, Sights(_initial, _pod.Spec.InitContainers), Sights(_containers, _pod.Spec.Containers));

    // Containers that were not started yet are waiting.
    private static (V1Container, ContainerSight)[] Sights(ContainerRunner[] runners, IList<V1Container>? all) =>
    [
        .. (all ?? []).Select((container, index) => (container, index < runners.Length
            ? runners[index].Sight
            : ContainerSight.Waiting("ContainerCreating"))),
    ];
}
