using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Cuts the counters into intervals: what one report holds, no other does, and nothing is between two.</summary>
internal sealed class IntervalReader(CounterBook book, RouteTableHolder tables, EndpointBoard endpoints, MirrorBook mirrors, TimeProvider time)
{
    private readonly Dictionary<RevisionCounters, RevisionReading> _revisions = [];
    private readonly Dictionary<DrawCounters, DrawReading> _draws = [];
    private readonly Dictionary<FirstVisits, VisitReading> _visits = [];
    private readonly HealthReading _health = new();
    private readonly MirrorReader _mirrors = new(mirrors);
    private DateTimeOffset _start = time.GetUtcNow();

    /// <summary>Takes everything since the last call. One call at a time.</summary>
    public IntervalReport Take()
    {
        var end = time.GetUtcNow();
        var report = new IntervalReport { StartUnixMs = _start.ToUnixTimeMilliseconds(), EndUnixMs = end.ToUnixTimeMilliseconds() };
        _start = end;

        Dictionary<string, RouteCounts> routes = new(StringComparer.Ordinal);
        HashSet<object> kept = [];
        foreach (var counters in book.Draws)
        {
            if (Reading(_draws, counters, static counters => new DrawReading(counters)).Take() is not { } draws)
                continue;
            Route(routes, counters.Route).Draws.Add(draws);
            kept.Add(counters);
        }

        foreach (var counters in book.Revisions)
        {
            var reading = Reading(_revisions, counters, static counters => new RevisionReading(counters));
            if (reading.Take() is not { } counts)
                continue;
            Route(routes, counters.Route).Revisions.Add(counts);
            kept.Add(counters);
            kept.UnionWith(reading.Changed);
        }

        var table = tables.Current;
        var inForce = table.Entries.Select(entry => entry.Visits).OfType<FirstVisits>().ToHashSet();
        foreach (var visits in book.Visits)
        {
            if (Reading(_visits, visits, static visits => new VisitReading(visits)).Take(inForce.Contains(visits)) is not { } users)
                continue;
            Route(routes, visits.Route).Users.Add(users);
            kept.Add(visits);
        }

        foreach (var (route, copies) in _mirrors.Take())
            Route(routes, route).Mirrors.Add(copies);
        // All endpoints of a route, or none: also those of its other ports.
        var told = _health.Take(table).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in table.Entries.Where(entry => told.Contains(entry.Name)))
            Route(routes, entry.Name).Endpoints.AddRange(HealthReading.Of(entry));
        foreach (var entry in table.Entries.Where(entry => entry.Guard is not null))
        {
            var counts = Route(routes, entry.Name);
            (counts.Circuit, counts.Exposure) = (GuardWire.Circuit(entry.Guard), GuardWire.Exposure(entry.Guard));
        }

        kept.UnionWith(endpoints.Counters);
        Forget(kept);
        report.Routes.AddRange(routes.Values.OrderBy(route => route.Route, StringComparer.Ordinal));
        return report;
    }

    private static RouteCounts Route(Dictionary<string, RouteCounts> routes, string name)
    {
        if (!routes.TryGetValue(name, out var route))
            routes.Add(name, route = new RouteCounts { Route = name });
        return route;
    }

    private static TReading Reading<TCounters, TReading>(
        Dictionary<TCounters, TReading> readings, TCounters counters, Func<TCounters, TReading> create)
        where TCounters : class
    {
        if (!readings.TryGetValue(counters, out var reading))
            readings.Add(counters, reading = create(counters));
        return reading;
    }

    private void Forget(HashSet<object> kept)
    {
        var (revisions, draws, visits) = book.Prune(kept);
        foreach (var counters in revisions)
            _revisions.Remove(counters);
        foreach (var counters in draws)
            _draws.Remove(counters);
        foreach (var counters in visits)
            _visits.Remove(counters);
    }
}
