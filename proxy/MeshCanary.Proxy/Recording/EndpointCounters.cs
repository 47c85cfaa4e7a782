namespace MeshCanary.Proxy.Recording;

/// <summary>How the requests of one endpoint ended, and how many attempts to reach it have failed in a row.</summary>
internal sealed class EndpointCounters(string address)
{
    private int _failuresInARow;

    public string Address { get; } = address;

    public OutcomeCells Outcomes { get; } = new();

    /// <summary>Readings in a row that found nothing new. For the reader alone.</summary>
    public int QuietReads { get; set; }

    // Reads before it writes: while all is well the line stays shared between the cores.
    public void Reached()
    {
        if (Volatile.Read(ref _failuresInARow) != 0)
            Volatile.Write(ref _failuresInARow, 0);
    }

    public int Unreachable() => Interlocked.Increment(ref _failuresInARow);
}
