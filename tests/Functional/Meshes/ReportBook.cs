using System.Collections.Concurrent;
using MeshCanary.Controller.Metrics;
using MeshCanary.Testing.Meshes;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>
/// Keeps each report of each proxy once, as a controller has to, receipts it, and finds what no controller could put right:
/// a report that comes again and says something else, or a number that is left out.
/// </summary>
internal sealed class ReportBook : IReportSink
{
    private readonly ConcurrentDictionary<(string Instance, ulong Sequence), Wire.IntervalReport> _reports = new();
    private readonly ConcurrentDictionary<string, Action<long>> _receipts = new();
    private readonly ConcurrentQueue<string> _faults = new();

    /// <summary>What must not be.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. _faults,
        .. _reports.Keys.GroupBy(key => key.Instance).Where(keys => keys.Max(key => key.Sequence) != (ulong)keys.Count())
            .Select(keys => $"{keys.Key} left out a number: {keys.Count()} reports, the last is {keys.Max(key => key.Sequence)}"),
        .. _reports.Where(pair => ReportCheck.FindFault(pair.Value) is not null).Select(pair => $"{pair.Key}: {ReportCheck.FindFault(pair.Value)}"),
    ];

    /// <summary>How many there are.</summary>
    public int Count => _reports.Count;

    private IEnumerable<Wire.RouteCounts> Routes => _reports.Values.SelectMany(report => report.Routes);

    /// <summary>Keeps a report.</summary>
    public void Add(string instance, Wire.IntervalReport report)
    {
        var kept = _reports.GetOrAdd((instance, report.Sequence), report);
        if (!kept.Equals(report))
            _faults.Enqueue($"report {report.Sequence} of {instance} came again and was another one: {kept} then {report}");
    }

    /// <summary>Requests by revision and how they ended.</summary>
    public SortedDictionary<string, long> Revisions() => Tallies.Sum(
        from route in Routes
        from counts in route.Revisions
        from pair in Tallies.Of(counts)
        select ($"{counts.Revision} {pair.Outcome}", pair.Count));

    /// <summary>Requests by revision, endpoint and how they ended.</summary>
    public SortedDictionary<string, long> Endpoints() => Tallies.Sum(
        from route in Routes
        from counts in route.Revisions
        from endpoint in counts.Endpoints
        from pair in Tallies.Of(endpoint.Outcomes)
        select ($"{counts.Revision} {endpoint.Address.TrimEnd('/')} {pair.Outcome}", pair.Count));

    /// <summary>Requests by revision and class of status.</summary>
    public SortedDictionary<string, long> Statuses() => Tallies.Sum(
        from route in Routes
        from counts in route.Revisions
        from pair in counts.StatusClasses.Select((count, index) => (Class: index + 1, Count: (long)count))
        select ($"{counts.Revision} {pair.Class}xx", pair.Count));

    /// <summary>All requests.</summary>
    public long Total() => Revisions().Values.Sum();

    /// <summary>Draws of a route, and what stable served for the canary.</summary>
    public (long Stable, long Canary, long Diverted) Draws(string route)
    {
        var counts = Routes.Where(counts => counts.Route == route).ToList();
        return (
            counts.Sum(all => all.Draws.Sum(draw => (long)draw.Stable)),
            counts.Sum(all => all.Draws.Sum(draw => (long)draw.Canary)),
            counts.Sum(all => all.Revisions.Sum(revision => (long)revision.Diverted)));
    }

    /// <summary>Snapshot versions that draws were counted under.</summary>
    public IReadOnlySet<ulong> DrawnUnder(string route) =>
        Routes.Where(counts => counts.Route == route).SelectMany(counts => counts.Draws).Select(draw => draw.SnapshotVersion).ToHashSet();

    void IReportSink.Connected(string instance, string proxy, Action<long> receipt) => _receipts[instance] = receipt;

    void IReportSink.Accept(string instance, Wire.IntervalReport report)
    {
        Add(instance, report);
        _receipts[instance]((long)report.Sequence);
    }

    void IReportSink.Disconnected(string instance)
    {
        // What it sends after it is back has the same instance.
    }
}
