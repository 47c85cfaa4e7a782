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

    private RouteEntry Entry(ulong version, Route route) => new(
        route.Name,
        new SplitPlan(new BasisPoints((int)route.CanaryWeight), [.. route.CanaryRules.Select(RuleTranslator.Translate)], salt: route.Name),
        route.Stickiness?.KeyCase switch
        {
            Stickiness.KeyOneofCase.Cookie => new UserKeySource(route.Stickiness.Cookie, Header: null),
            Stickiness.KeyOneofCase.Header => new UserKeySource(Cookie: null, route.Stickiness.Header),
            _ => UserKeySource.None,
        },
        Target(route, route.Stable),
        route.Canary is null ? null : Target(route, route.Canary),
        counters.Draw(route.Name, version, route.Canary?.Revision ?? "", route.CanaryWeight));

    private ArmTarget Target(Route route, Contracts.V1.Arm arm)
    {
        var id = ClusterId.Of(route.Name, arm.Revision);
        return clusters.TryGetCluster(id, out var cluster)
            ? new ArmTarget(arm.Revision, cluster, counters.Revision(route.Name, arm.Revision))
            : throw new InvalidOperationException($"Cluster '{id}' is not in force.");
    }
}
