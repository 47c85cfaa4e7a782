using System.Collections.Concurrent;

namespace MeshCanary.Controller.Reconciling;

/// <summary>All Canaries under control, by key. They may come and go at any time; any thread.</summary>
internal sealed class CanarySet : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ControlledCanary> _canaries = new(StringComparer.Ordinal);

    /// <summary>Takes those that are there at the start; <see cref="Prepare"/> and <see cref="Start"/> them.</summary>
    public CanarySet(IEnumerable<ControlledCanary> canaries)
    {
        foreach (var canary in canaries)
            _canaries[canary.Worker.Key] = canary;
    }

    /// <summary>Those that were not removed, by key.</summary>
    public IReadOnlyList<ControlledCanary> All =>
        [.. _canaries.Values.Where(canary => !canary.Gone).OrderBy(canary => canary.Worker.Key, StringComparer.Ordinal)];

    /// <summary>Canaries whose reconcile is waited for, or at work.</summary>
    public int Depth => _canaries.Values.Count(canary => canary.Worker.IsBehind);

    /// <summary>Finds one; null when there is none, or it was removed.</summary>
    public ControlledCanary? Find(string key) => _canaries.GetValueOrDefault(key) is { Gone: false } canary ? canary : null;

    /// <summary>Takes one more, gets it ready and begins to reconcile it. Not while one of that key is there.</summary>
    public void Add(ControlledCanary canary)
    {
        if (!_canaries.TryAdd(canary.Worker.Key, canary))
            throw new InvalidOperationException($"{canary.Worker.Key} is under control already.");
        canary.Worker.Prepare();
        canary.Worker.Start();
    }

    /// <summary>Lets one go, after the reconcile that it is in.</summary>
    public async ValueTask RemoveAsync(string key)
    {
        if (_canaries.TryRemove(key, out var canary))
            await canary.Worker.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Something happened to one.</summary>
    public void Signal(string key) => _canaries.GetValueOrDefault(key)?.Worker.Signal();

    /// <summary>Something happened that may concern all.</summary>
    public void SignalAll()
    {
        foreach (var canary in _canaries.Values)
            canary.Worker.Signal();
    }

    /// <summary>Gets all ready, before anything can happen.</summary>
    public void Prepare()
    {
        foreach (var canary in _canaries.Values)
            canary.Worker.Prepare();
    }

    /// <summary>Begins to reconcile.</summary>
    public void Start()
    {
        foreach (var canary in _canaries.Values)
            canary.Worker.Start();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var key in _canaries.Keys)
            await RemoveAsync(key).ConfigureAwait(false);
    }
}
