using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Yarp.ReverseProxy.Model;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Cuts the counters into intervals: what one report holds, no other does, and nothing is between two.</summary>
internal sealed class IntervalReader(CounterBook book, RouteTableHolder tables, TimeProvider time)
{
    private readonly Dictionary<RevisionCounters, RevisionReading> _revisions = [];
    private readonly Dictionary<DrawCounters, DrawReading> _draws = [];
    private DateTimeOffset _start = time.GetUtcNow();

    /// <summary>Takes everything since the last call. One call at a time.</summary>
    public IntervalReport Take()
    {
        var end = time.GetUtcNow();
        var report = new IntervalReport { StartUnixMs = _start.ToUnixTimeMilliseconds(), EndUnixMs = end.ToUnixTimeMilliseconds() };
        _start = end;

        Dictionary<string, RouteCounts> routes = new(StringComparer.Ordinal);
        HashSet<object> changed = [];
        foreach (var counters in book.Draws)
        {
            if (Reading(_draws, counters, static counters => new DrawReading(counters)).Take() is not { } draws)
                continue;
            Route(routes, counters.Route).Draws.Add(draws);
            changed.Add(counters);
        }

        foreach (var counters in book.Revisions)
        {
            if (Reading(_revisions, counters, static counters => new RevisionReading(counters)).Take() is not { } counts)
                continue;
            Route(routes, counters.Route).Revisions.Add(counts);
            changed.Add(counters);
        }

        foreach (var entry in tables.Current.Entries)
            Route(routes, entry.Name).Endpoints.AddRange(Health(entry));

        Forget(changed);
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

    private static IEnumerable<EndpointHealth> Health(RouteEntry entry)
    {
        ArmTarget?[] arms = [entry.Stable, entry.Canary];
        return arms.OfType<ArmTarget>().SelectMany(arm => arm.Cluster.DestinationsState.AllDestinations.Select(destination =>
            new EndpointHealth
            {
                Revision = arm.Revision,
                Address = destination.DestinationId,
                Ready = IsReady(arm, destination),
            }));
    }

    // With a health check, ready is what has passed it; without one, what has not failed to be reached.
    private static bool IsReady(ArmTarget arm, DestinationState destination)
    {
        var isChecked = arm.Cluster.Model.Config.HealthCheck?.Active is { Enabled: true };
        return destination.Health.Passive != DestinationHealth.Unhealthy
            && (!isChecked || destination.Health.Active == DestinationHealth.Healthy);
    }

    private void Forget(HashSet<object> changed)
    {
        var (revisions, draws) = book.Prune(changed);
        foreach (var counters in revisions)
            _revisions.Remove(counters);
        foreach (var counters in draws)
            _draws.Remove(counters);
    }
}
