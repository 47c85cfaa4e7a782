namespace MeshCanary.Proxy.Recording;

/// <summary>
/// How requests ended: a cell for each latency bucket of those that succeeded, for each way to fail, and for each
/// bucket of those that the client gave up. A request is one increment of one cell.
/// </summary>
internal sealed class OutcomeCells
{
    public const int FirstFailure = LatencyLayout.Count;
    public const int FirstGivenUp = FirstFailure + (int)RequestOutcome.ClientAbort - 1;
    public const int Count = FirstGivenUp + LatencyLayout.Count;

    private readonly StripedCells _cells = new(Count);

    /// <summary>The cell of a request that ended so after so many seconds.</summary>
    public static int CellOf(RequestOutcome outcome, double seconds) => outcome switch
    {
        RequestOutcome.Success => LatencyLayout.BucketOf(seconds),
        RequestOutcome.ClientAbort => FirstGivenUp + LatencyLayout.BucketOf(seconds),
        _ => FailureCell(outcome),
    };

    public static int FailureCell(RequestOutcome outcome) => FirstFailure + (int)outcome - 1;

    public void Increment(int cell) => _cells.Increment(cell);

    /// <summary>Writes what every cell holds.</summary>
    public void ReadInto(Span<long> sums) => _cells.ReadInto(sums);
}
