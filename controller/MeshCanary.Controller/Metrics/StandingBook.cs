using System.Collections.Immutable;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>What every proxy instance last said of every route. Not thread-safe.</summary>
internal sealed class StandingBook
{
    private readonly Dictionary<string, ImmutableDictionary<string, ProxyStanding>> _routes = new(StringComparer.Ordinal);

    /// <summary>Those of a route, by instance.</summary>
    public ImmutableDictionary<string, ProxyStanding> Of(string route) => _routes.GetValueOrDefault(route, ImmutableDictionary<string, ProxyStanding>.Empty);

    /// <summary>Takes in a report; returns whether somebody should look at it at once.</summary>
    public bool Enter(string instance, string proxy, Wire.RouteCounts counts, DateTimeOffset end)
    {
        var known = Of(counts.Route);
        if (counts.Circuit is null && counts.Exposure is null && !known.ContainsKey(instance))
            return false;
        var (standing, matters) = ProxyStanding.Of(known.GetValueOrDefault(instance), proxy, counts, end);
        _routes[counts.Route] = known.SetItem(instance, standing);
        return matters;
    }

    /// <summary>An instance is forgotten.</summary>
    public void Forget(string instance)
    {
        foreach (var route in _routes.Keys.ToList())
            _routes[route] = _routes[route].Remove(instance);
    }
}
