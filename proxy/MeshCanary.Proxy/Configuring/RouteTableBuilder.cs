using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using MeshCanary.Splitting.Choosing;
using MeshCanary.Splitting.Weights;
using Yarp.ReverseProxy;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Builds the table of a valid snapshot whose clusters are in force.</summary>
internal sealed class RouteTableBuilder(IProxyStateLookup clusters, CounterBook counters)
{
    public RouteTable Build(Snapshot snapshot) => new(snapshot.Version, snapshot.Routes.Select(route => Entry(snapshot.Version, route)));

    private RouteEntry Entry(ulong version, Route route)
    {
        var keys = Keys(route.Stickiness);
        return new(
            route.Name,
            new SplitPlan(new BasisPoints((int)route.CanaryWeight), [.. route.CanaryRules.Select(RuleTranslator.Translate)], salt: route.Name),
            keys,
            Target(route, route.Stable),
            route.Canary is null ? null : Target(route, route.Canary),
            counters.Draw(route.Name, version, route.Canary?.Revision ?? "", route.CanaryWeight),
            route.Canary is null || keys.Name is null ? null : counters.Visit(route.Name, route.Stable.Revision, route.Canary.Revision, keys.Name));
    }

    private static UserKeySource Keys(Stickiness? stickiness) => stickiness?.KeyCase switch
    {
        Stickiness.KeyOneofCase.Cookie => new UserKeySource(stickiness.Cookie, Header: null),
        Stickiness.KeyOneofCase.Header => new UserKeySource(Cookie: null, stickiness.Header),
        _ => UserKeySource.None,
    };

    private ArmTarget Target(Route route, Contracts.V1.Arm arm)
    {
        var id = ClusterId.Of(route.Name, arm.Revision);
        return clusters.TryGetCluster(id, out var cluster)
            ? new ArmTarget(arm.Revision, cluster, counters.Revision(route.Name, arm.Revision))
            : throw new InvalidOperationException($"Cluster '{id}' is not in force.");
    }
}
