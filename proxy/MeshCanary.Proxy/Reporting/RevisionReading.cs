using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Reads one revision's counters and keeps what it read, so that the next reading is the difference.</summary>
internal sealed class RevisionReading(RevisionCounters counters)
{
    private long[]? _before;
    private readonly OutcomeReading _nowhere = new(counters.Nowhere);
    private readonly HashSet<EndpointCounters> _changed = [];
    private Dictionary<EndpointCounters, OutcomeReading> _endpoints = [];
    private (long Started, long Ended) _progress;

    public RevisionCounters Counters { get; } = counters;

    /// <summary>Endpoints of which the last reading had something.</summary>
    public IReadOnlyCollection<EndpointCounters> Changed => _changed;

    /// <summary>Takes what was counted since the last call; null when nothing was.</summary>
    public RevisionCounts? Take()
    {
        // Nothing ran since, so nothing was counted: most routes of a large configuration are idle most of the time.
        _changed.Clear();
        var progress = Counters.Progress;
        if (progress == _progress && progress.Started == progress.Ended)
            return null;
        _progress = progress;

        Span<long> sums = stackalloc long[OutcomeCells.Count];
        sums.Clear();
        var any = _nowhere.Take(sums);
        var endpoints = TakeEndpoints(sums);

        Span<long> now = stackalloc long[RevisionCounters.CellCount];
        Counters.ReadInto(now);
        if (!any && endpoints.Count == 0 && (_before is null ? !now.ContainsAnyExcept(0L) : now.SequenceEqual(_before)))
            return null;

        var counts = OutcomeWire.Revision(Counters.Revision, sums);
        counts.Endpoints.AddRange(endpoints);
        AddOwn(counts, now);
        return counts;
    }

    // Each cell is read once: what goes into the revision's sums is what the endpoint's own counts say.
    private List<EndpointCounts> TakeEndpoints(Span<long> sums)
    {
        List<EndpointCounts> taken = [];
        Dictionary<EndpointCounters, OutcomeReading> readings = new(_endpoints.Count);
        Span<long> difference = stackalloc long[OutcomeCells.Count];
        foreach (var endpoint in Counters.Endpoints.All)
        {
            if (readings.ContainsKey(endpoint))
                continue;
            readings.Add(endpoint, _endpoints.TryGetValue(endpoint, out var known) ? known : known = new OutcomeReading(endpoint.Outcomes));
            if (!known.Take(difference))
                continue;
            _changed.Add(endpoint);
            taken.Add(OutcomeWire.Endpoint(endpoint.Address, difference));
            for (var cell = 0; cell < sums.Length; cell++)
                sums[cell] += difference[cell];
        }

        // Those that are gone from the book are not read any more.
        _endpoints = readings;
        return taken;
    }

    private void AddOwn(RevisionCounts counts, ReadOnlySpan<long> now)
    {
        _before ??= new long[RevisionCounters.CellCount];
        Span<long> since = stackalloc long[RevisionCounters.CellCount];
        for (var cell = 0; cell < since.Length; cell++)
            since[cell] = now[cell] - _before[cell];
        OutcomeWire.AddOwn(counts, since);
        now.CopyTo(_before);
    }
}
