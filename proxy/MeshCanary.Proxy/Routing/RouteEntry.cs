using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;
using MeshCanary.Splitting.Choosing;

namespace MeshCanary.Proxy.Routing;

/// <summary>One route as a snapshot defines it. Immutable: a request keeps the entry it began with.</summary>
/// <param name="source">What the snapshot says; never changed.</param>
internal sealed class RouteEntry(Route source)
{
    public Route Source { get; } = source;

    public string Name => Source.Name;

    public required SplitPlan Plan { get; init; }

    public required UserKeySource Keys { get; init; }

    public required ArmTarget Stable { get; init; }

    public required ArmTarget? Canary { get; init; }

    public required DrawCounters Draws { get; init; }

    /// <summary>Where the first requests of users are counted; null when they are not.</summary>
    public required FirstVisits? Visits { get; init; }

    /// <summary>Its arms, stable first.</summary>
    public IEnumerable<ArmTarget> Arms => Canary is null ? [Stable] : [Stable, Canary];

    /// <summary>What it serves.</summary>
    public IEnumerable<RoutePlace> Places
    {
        get
        {
            var prefix = RoutePrefix.Normalise(Source.PathPrefix);
            return Source.Hosts.Count == 0
                ? [new RoutePlace(null, prefix, this)]
                : Source.Hosts.Select(host => new RoutePlace(host, prefix, this));
        }
    }

    /// <summary>Everything that its requests may be counted in.</summary>
    public IEnumerable<object> Counters =>
        Visits is null ? [.. Arms.Select(arm => arm.Counters), Draws] : [.. Arms.Select(arm => arm.Counters), Draws, Visits];
}
