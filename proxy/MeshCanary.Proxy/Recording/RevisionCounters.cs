namespace MeshCanary.Proxy.Recording;

/// <summary>
/// What one revision of one route served. How requests ended is counted at their endpoint, or at <see cref="Nowhere"/>
/// when none was chosen; the revision's own figure is the sum, so that it cannot differ from that of its endpoints.
/// </summary>
internal sealed class RevisionCounters(string route, string revision)
{
    public const int FirstDivertedCell = 0;
    public const int DivertCauses = (int)DivertCause.Concurrency + 1;
    public const int RetriesCell = FirstDivertedCell + DivertCauses;
    public const int TurnedAwayCell = RetriesCell + 1;
    public const int RequestBytesCell = TurnedAwayCell + 1;
    public const int ResponseBytesCell = RequestBytesCell + 1;
    public const int FirstStatusClass = ResponseBytesCell + 1;
    public const int StatusClasses = 5;
    public const int FirstByteCell = FirstStatusClass + StatusClasses;
    public const int CellCount = FirstByteCell + LatencyLayout.Count;

    private const int StartedCell = CellCount;
    private const int EndedCell = StartedCell + 1;

    private readonly StripedCells _cells = new(EndedCell + 1);

    public string Route { get; } = route;

    public string Revision { get; } = revision;

    public EndpointBook Endpoints { get; } = new();

    /// <summary>Requests that ended before an endpoint was chosen for them.</summary>
    public OutcomeCells Nowhere { get; } = new();

    /// <summary>Requests that were given to this revision and have not ended yet.</summary>
    public long InFlight
    {
        get
        {
            var (started, ended) = Progress;
            return started - ended;
        }
    }

    /// <summary>Requests started and ended so far. Every count is made between a request's start and its end.</summary>
    // Ended is read first: a request that ends in between then shows as in flight, never as less than none.
    public (long Started, long Ended) Progress
    {
        get
        {
            var ended = _cells.Sum(EndedCell);
            return (_cells.Sum(StartedCell), ended);
        }
    }

    public void Start() => _cells.Increment(StartedCell);

    public void End() => _cells.Increment(EndedCell);

    public void Divert(DivertCause cause) => _cells.Increment(FirstDivertedCell + (int)cause);

    public void Retry() => _cells.Increment(RetriesCell);

    public void TurnAway() => _cells.Increment(TurnedAwayCell);

    /// <summary>A response began so many seconds after its request had arrived.</summary>
    public void RecordFirstByte(double seconds) => _cells.Increment(FirstByteCell + LatencyLayout.BucketOf(seconds));

    public void RecordStatus(int status)
    {
        var statusClass = status / 100;
        if (statusClass is >= 1 and <= StatusClasses)
            _cells.Increment(FirstStatusClass + statusClass - 1);
    }

    public void RecordBytes(long request, long response)
    {
        if (request > 0)
            _cells.Add(RequestBytesCell, request);
        if (response > 0)
            _cells.Add(ResponseBytesCell, response);
    }

    /// <summary>Writes what the cells of the revision itself hold.</summary>
    public void ReadInto(Span<long> sums)
    {
        Span<long> all = stackalloc long[EndedCell + 1];
        _cells.ReadInto(all);
        all[..CellCount].CopyTo(sums);
    }
}
