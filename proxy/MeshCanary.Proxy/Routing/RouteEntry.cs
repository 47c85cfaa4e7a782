using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Guarding;
using MeshCanary.Proxy.Mirroring;
using MeshCanary.Proxy.Recording;
using MeshCanary.Splitting.Choosing;

namespace MeshCanary.Proxy.Routing;

/// <summary>One route as a snapshot defines it. Immutable: a request keeps the entry it began with.</summary>
/// <param name="source">What the snapshot says; never changed.</param>
internal sealed class RouteEntry(Route source)
{
    public Route Source { get; } = source;

    public string Name => Source.Name;

    /// <summary>The port of the proxy that it serves; 0 for every one that no other route names.</summary>
    public int Port => (int)Source.Port;

    public required SplitPlan Plan { get; init; }

    public required UserKeySource Keys { get; init; }

    public required ArmTarget Stable { get; init; }

    public required ArmTarget? Canary { get; init; }

    public required DrawCounters Draws { get; init; }

    /// <summary>Where the first requests of users are counted; null when they are not.</summary>
    public required FirstVisits? Visits { get; init; }

    /// <summary>Asked before the canary is given a request; null when nothing guards it.</summary>
    public required CanaryGuard? Guard { get; init; }

    /// <summary>Copies what stable serves; null for none.</summary>
    public required RequestMirror? Mirror { get; init; }

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
        new object?[] { Draws, Visits }.OfType<object>().Concat(Arms.Select(arm => arm.Counters));
}
