using System.Collections.Frozen;

namespace MeshCanary.Controller.Reconciling;

/// <summary>All Canaries under control, by key.</summary>
internal sealed class CanarySet(IEnumerable<ControlledCanary> canaries) : IAsyncDisposable
{
    private readonly FrozenDictionary<string, ControlledCanary> _canaries = canaries.ToFrozenDictionary(canary => canary.Worker.Key, StringComparer.Ordinal);

    /// <summary>Those that were not removed, by key.</summary>
    public IReadOnlyList<ControlledCanary> All =>
        [.. _canaries.Values.Where(canary => !canary.Gone).OrderBy(canary => canary.Worker.Key, StringComparer.Ordinal)];

    /// <summary>Canaries whose reconcile is waited for, or at work.</summary>
    public int Depth => _canaries.Values.Count(canary => canary.Worker.IsBehind);

    /// <summary>Finds one; null when there is none, or it was removed.</summary>
    public ControlledCanary? Find(string key) => _canaries.GetValueOrDefault(key) is { Gone: false } canary ? canary : null;

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
        foreach (var canary in _canaries.Values)
            await canary.Worker.DisposeAsync().ConfigureAwait(false);
    }
}
