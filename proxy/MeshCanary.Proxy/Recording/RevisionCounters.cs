using System.Collections.Concurrent;

namespace MeshCanary.Proxy.Recording;

/// <summary>What one revision of one route served.</summary>
internal sealed class RevisionCounters(string route, string revision)
{
    public const int FirstFailure = LatencyLayout.Count;
    public const int DivertedCell = FirstFailure + (int)RequestOutcome.ClientAbort - 1;
    public const int RequestBytesCell = DivertedCell + 1;
    public const int ResponseBytesCell = RequestBytesCell + 1;
    public const int FirstStatusClass = ResponseBytesCell + 1;
    public const int StatusClasses = 5;
    public const int FirstGivenUp = FirstStatusClass + StatusClasses;
    public const int CellCount = FirstGivenUp + LatencyLayout.Count;

    private const int StartedCell = CellCount;
    private const int EndedCell = StartedCell + 1;

    private readonly StripedCells _cells = new(EndedCell + 1);
    private readonly ConcurrentDictionary<string, EndpointCounters> _endpoints = new(StringComparer.Ordinal);

    public string Route { get; } = route;

    public string Revision { get; } = revision;

    public IEnumerable<EndpointCounters> Endpoints => _endpoints.Values;

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

    public static int FailureCell(RequestOutcome outcome) => FirstFailure + (int)outcome - 1;

    public EndpointCounters Endpoint(string address) =>
        _endpoints.TryGetValue(address, out var known) ? known : _endpoints.GetOrAdd(address, static address => new EndpointCounters(address));

    public void Start() => _cells.Increment(StartedCell);

    public void End() => _cells.Increment(EndedCell);

    public void Divert() => _cells.Increment(DivertedCell);

    public void Record(RequestOutcome outcome, double seconds)
    {
        var cell = outcome switch
        {
            RequestOutcome.Success => LatencyLayout.BucketOf(seconds),
            RequestOutcome.ClientAbort => FirstGivenUp + LatencyLayout.BucketOf(seconds),
            _ => FailureCell(outcome),
        };
        _cells.Increment(cell);
    }

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

    public void ReadInto(Span<long> sums)
    {
        for (var cell = 0; cell < CellCount; cell++)
            sums[cell] = _cells.Sum(cell);
    }
}
