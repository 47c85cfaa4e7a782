namespace MeshCanary.Proxy.Routing;

/// <summary>
/// Holds an arm to a number of requests in flight. Every core writes the one count, since a limit in parts would turn
/// requests away while there is room; arms without a limit have no such object.
/// </summary>
/// <param name="most">Requests that may be in flight.</param>
/// <param name="before">The cap that the arm had until now, whose requests are in flight too; or null.</param>
internal sealed class ConcurrencyCap(uint most, ConcurrencyCap? before)
{
    private readonly InFlight _inFlight = before?._inFlight ?? new InFlight();

    public uint Most { get; } = most;

    /// <summary>Takes a place.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inFlight.Count) <= Most)
            return true;
        Leave();
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight.Count);

    private sealed class InFlight
    {
        public long Count;
    }
}
