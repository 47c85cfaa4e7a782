namespace MeshCanary.Proxy.Recording;

/// <summary>How the copies ended that one route sent to one canary. Apart from all that users see.</summary>
internal sealed class MirrorCounters(string route, string canaryRevision)
{
    private readonly StripedCells _dropped = new(1);
    private int _atOnce;

    public string Route { get; } = route;

    public string CanaryRevision { get; } = canaryRevision;

    public OutcomeCells Outcomes { get; } = new();

    /// <summary>Requests that were to be copied and were not, for a limit.</summary>
    public long Dropped => _dropped.Sum(0);

    /// <summary>Copies that have begun and not ended.</summary>
    public int AtOnce => Volatile.Read(ref _atOnce);

    public void Drop() => _dropped.Increment(0);

    /// <summary>Takes one of so many places; free it in any case.</summary>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _atOnce) <= most)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _atOnce);
}
