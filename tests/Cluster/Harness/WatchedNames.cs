using System.Collections.Concurrent;
using k8s;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Harness;

/// <summary>A watch of ConfigMaps that notes the names in its events, and how it ended.</summary>
internal sealed class WatchedNames : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _names = new();
    private readonly Task<string> _end;

    public WatchedNames(IKubernetes client, string space) => _end = RunAsync(client, space);

    /// <summary>The names so far, each as often as it came.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>Does something and waits until its event has come.</summary>
    public async Task SeeAsync(string name, Func<Task> act)
    {
        await act();
        await Eventually.TrueAsync(() => _names.Contains(name), Deadline, $"the watch sees {name}",
            () => string.Join(", ", _names) + (_end.IsCompletedSuccessfully ? $"; ended: {_end.Result}" : ""), TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for the end of the watch.</summary>
    /// <returns>Why it ended.</returns>
    public Task<string> BrokenAsync() => _end.WaitAsync(Deadline, TimeProvider.System, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _end;
        _stop.Dispose();
    }

    private async Task<string> RunAsync(IKubernetes client, string space)
    {
        try
        {
            // From the first version on, so that nothing is missed between the start of the watch and the test's own acts.
            await foreach (var (_, map) in client.CoreV1.WatchListNamespacedConfigMapAsync(
                space, resourceVersion: "0", onError: error => throw error, cancellationToken: _stop.Token))
                _names.Enqueue(map.Metadata.Name);
            return "closed";
        }
        catch (Exception failure)
        {
            return $"{failure.GetType().Name}: {failure.Message} {(failure as KubernetesException)?.Status?.Reason}";
        }
    }
}
