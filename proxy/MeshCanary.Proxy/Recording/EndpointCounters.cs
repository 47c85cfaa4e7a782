namespace MeshCanary.Proxy.Recording;

/// <summary>What one endpoint of a revision served, and how many attempts to reach it have failed in a row.</summary>
internal sealed class EndpointCounters(string address)
{
    private const int RequestsCell = 0;
    private const int ErrorsCell = 1;

    private readonly StripedCells _cells = new(2);
    private int _failuresInARow;

    public string Address { get; } = address;

    public long Requests => _cells.Sum(RequestsCell);

    public long Errors => _cells.Sum(ErrorsCell);

    public void Record(bool error)
    {
        _cells.Increment(RequestsCell);
        if (error)
            _cells.Increment(ErrorsCell);
    }

    // Reads before it writes: while all is well the line stays shared between the cores.
    public void Reached()
    {
        if (Volatile.Read(ref _failuresInARow) != 0)
            Volatile.Write(ref _failuresInARow, 0);
    }

    public int Unreachable() => Interlocked.Increment(ref _failuresInARow);
}
