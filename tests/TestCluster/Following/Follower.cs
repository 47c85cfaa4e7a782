using System.Collections.Concurrent;
using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace MeshCanary.TestCluster.Following;

/// <summary>Keeps a copy of all objects of a kind, by list and watch.</summary>
/// <typeparam name="T">The kind.</typeparam>
/// <param name="list">Lists: the objects and the resource version of the list.</param>
/// <param name="watch">Watches from a resource version on.</param>
/// <param name="time">Paces what is tried again.</param>
internal sealed class Follower<T>(
    Func<CancellationToken, Task<(IList<T> Items, string Version)>> list,
    Func<string, CancellationToken, IAsyncEnumerable<(WatchEventType, T)>> watch,
    TimeProvider time)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, T> _objects = new();

    /// <summary>The objects as last seen.</summary>
    public IEnumerable<T> Objects => _objects.Values;

    /// <summary>Finds one by namespace and name.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="name">The name.</param>
    public T? Find(string space, string name) => _objects.GetValueOrDefault($"{space}/{name}");

    /// <summary>Follows until cancelled.</summary>
    /// <param name="changed">Told of every change, one after the other; the flag says that the object is gone.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(Action<T, bool> changed, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var version = await RelistAsync(changed, cancellation);
                while (true)
                    version = await WatchAsync(version, changed, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is HttpOperationException or KubernetesException or HttpRequestException or IOException or OperationCanceledException)
            {
                // The version was too old, or the server is starting or stopping: from the beginning.
            }

            await Task.Delay(Pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string> RelistAsync(Action<T, bool> changed, CancellationToken cancellation)
    {
        var (items, version) = await list(cancellation);
        var present = items.Select(Key).ToHashSet();
        foreach (var (key, gone) in _objects.Where(known => !present.Contains(known.Key)).ToArray())
        {
            _objects.TryRemove(key, out _);
            changed(gone, true);
        }

        foreach (var item in items)
            Apply(item, changed);
        return version;
    }

    private async Task<string> WatchAsync(string version, Action<T, bool> changed, CancellationToken cancellation)
    {
        await foreach (var (type, item) in watch(version, cancellation).WithCancellation(cancellation))
        {
            version = item.Metadata.ResourceVersion;
            switch (type)
            {
                case WatchEventType.Added or WatchEventType.Modified:
                    Apply(item, changed);
                    break;
                case WatchEventType.Deleted:
                    _objects.TryRemove(Key(item), out _);
                    changed(item, true);
                    break;
                case WatchEventType.Error:
                    throw new KubernetesException(new V1Status { Code = (int)HttpStatusCode.Gone });
            }
        }

        return version;
    }

    private void Apply(T item, Action<T, bool> changed)
    {
        // A new object under an old name is the end of the old one, also when its deletion was missed.
        if (_objects.TryGetValue(Key(item), out var known) && known.Metadata.Uid != item.Metadata.Uid)
            changed(known, true);
        _objects[Key(item)] = item;
        changed(item, false);
    }

    private static string Key(T item) => $"{item.Metadata.NamespaceProperty}/{item.Metadata.Name}";
}
