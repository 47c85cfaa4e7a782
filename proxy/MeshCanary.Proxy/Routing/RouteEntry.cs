using MeshCanary.Proxy.Recording;
using MeshCanary.Splitting.Choosing;

namespace MeshCanary.Proxy.Routing;

/// <summary>One route as a snapshot defines it. Immutable: a request keeps the entry it began with.</summary>
internal sealed record RouteEntry(
    string Name, SplitPlan Plan, UserKeySource Keys, ArmTarget Stable, ArmTarget? Canary, DrawCounters Draws, FirstVisits? Visits)
{
    /// <summary>Its arms, stable first.</summary>
    public IEnumerable<ArmTarget> Arms => Canary is null ? [Stable] : [Stable, Canary];

    /// <summary>Everything that its requests may be counted in.</summary>
    public IEnumerable<object> Counters =>
        Visits is null ? [.. Arms.Select(arm => arm.Counters), Draws] : [.. Arms.Select(arm => arm.Counters), Draws, Visits];
}
