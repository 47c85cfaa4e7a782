using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Specs;

/// <summary>Parameters of the router <c>gatewayApi</c>. Either <see cref="Routes"/> or <see cref="ParentRefs"/> has at least one entry.</summary>
public sealed record GatewayApiSpec
{
    /// <summary>Routes of the user whose backends are split, in the Canary's namespace; empty for one that MeshCanary makes.</summary>
    public ImmutableArray<GatewayRouteSpec> Routes { get; init; } = [];

    /// <summary>Gateways and Services to which the route that MeshCanary makes is attached; empty where the user has routes.</summary>
    public ImmutableArray<GatewayParentSpec> ParentRefs { get; init; } = [];

    /// <summary>Kind of the route that MeshCanary makes: <c>HTTPRoute</c> or <c>GRPCRoute</c>.</summary>
    public string Kind { get; init; } = "HTTPRoute";

    /// <summary>Host names of the route that MeshCanary makes; a leading <c>*.</c> stands for any first part. Empty for all.</summary>
    public ImmutableArray<string> Hostnames { get; init; } = [];

    /// <summary>Whether a parent on which no controller reports counts after <see cref="Propagation"/>; otherwise it is waited for.</summary>
    public bool TakesUnreportedParents { get; init; }

    /// <summary>How long a written route is taken to be on its way to the data plane, on which the API does not report.</summary>
    public TimeSpan Propagation { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a route of gRPC is among those that are split: it knows neither paths, methods of HTTP nor query parameters.</summary>
    public bool HasGrpc => Routes.IsEmpty ? Kind == "GRPCRoute" : Routes.Any(route => route.Kind == "GRPCRoute");
}
