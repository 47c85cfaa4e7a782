using MeshCanary.Proxy.Recording;
using MeshCanary.Splitting.Choosing;

namespace MeshCanary.Proxy.Routing;

/// <summary>One route as a snapshot defines it. Immutable: a request keeps the entry it began with.</summary>
internal sealed record RouteEntry(
    string Name, SplitPlan Plan, UserKeySource Keys, ArmTarget Stable, ArmTarget? Canary, DrawCounters Draws);
