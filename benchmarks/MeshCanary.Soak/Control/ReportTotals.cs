using MeshCanary.Testing.Meshes;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Soak.Control;

/// <summary>Adds up the proxy's reports, each once, and finds what no controller could put right. Thread-safe.</summary>
internal sealed class ReportTotals
{
    // A proxy keeps 120 reports; whatever comes again is one of them.
    private const ulong Kept = 150;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Wire.IntervalReport> _recent = [];
    private readonly Dictionary<(string Route, string Name), long> _revisions = [];
    private readonly Dictionary<(string Route, string Name), long> _endpoints = [];
    private readonly Dictionary<string, long> _events = [];
    private readonly List<string> _faults = [];
    private ulong _last;

    /// <summary>What must not be.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_gate)
                return [.. _faults];
        }
    }

    /// <summary>Reports, each once.</summary>
    public ulong Count
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>Takes a report.</summary>
    public void Add(Wire.IntervalReport report)
    {
        lock (_gate)
        {
            if (report.Sequence <= _last)
            {
                Note("again", 1);
                if (_recent.TryGetValue(report.Sequence, out var before) && !before.Equals(report))
                    _faults.Add($"report {report.Sequence} came again and was another one");
                return;
            }

            if (report.Sequence != _last + 1)
                _faults.Add($"report {_last + 1} is missing: {report.Sequence} came after {_last}");
            _last = report.Sequence;
            _recent[report.Sequence] = report;
            _recent.Remove(report.Sequence - Kept);
            foreach (var route in report.Routes)
                Add(route);
        }
    }

    /// <summary>Requests of routes by revision and how they ended.</summary>
    public SortedDictionary<string, long> Revisions(params string[] routes) => Sum(_revisions, routes);

    /// <summary>Requests of routes by revision, endpoint and how they ended.</summary>
    public SortedDictionary<string, long> Endpoints(params string[] routes) => Sum(_endpoints, routes);

    /// <summary>Requests of routes.</summary>
    public long Total(params string[] routes) => Revisions(routes).Values.Sum();

    /// <summary>Other things that reports tell, by name.</summary>
    public long Event(string name)
    {
        lock (_gate)
            return _events.GetValueOrDefault(name);
    }

    private void Add(Wire.RouteCounts route)
    {
        foreach (var revision in route.Revisions)
        {
            foreach (var (outcome, count) in Tallies.Of(revision))
                Add(_revisions, (route.Route, $"{revision.Revision} {outcome}"), count);
            foreach (var endpoint in revision.Endpoints)
            {
                foreach (var (outcome, count) in Tallies.Of(endpoint.Outcomes))
                    Add(_endpoints, (route.Route, $"{revision.Revision} {endpoint.Address.TrimEnd('/')} {outcome}"), count);
            }

            Note("diverted", (long)revision.Diverted);
            Note("retries", (long)revision.Retries);
        }

        foreach (var mirror in route.Mirrors)
        {
            Note("copies", Tallies.Of(mirror.Outcomes ?? new Wire.OutcomeCounts()).Sum(pair => pair.Count));
            Note("copies dropped", (long)mirror.Dropped);
        }

        if (route.Circuit is { } circuit)
            _events["openings"] = Math.Max(_events.GetValueOrDefault("openings"), circuit.Openings);
    }

    private SortedDictionary<string, long> Sum(Dictionary<(string Route, string Name), long> counts, string[] routes)
    {
        lock (_gate)
            return Tallies.Sum(counts.Where(pair => routes.Contains(pair.Key.Route)).Select(pair => (pair.Key.Name, pair.Value)));
    }

    private void Note(string name, long count) => _events[name] = _events.GetValueOrDefault(name) + count;

    private static void Add(Dictionary<(string Route, string Name), long> counts, (string Route, string Name) key, long count)
    {
        if (count != 0)
            counts[key] = counts.GetValueOrDefault(key) + count;
    }
}
