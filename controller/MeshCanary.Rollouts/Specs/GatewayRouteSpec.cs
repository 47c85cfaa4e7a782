namespace MeshCanary.Rollouts.Specs;

/// <summary>A route of the user that leads to the Service.</summary>
/// <param name="Kind"><c>HTTPRoute</c> or <c>GRPCRoute</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record GatewayRouteSpec(string Kind, string Name);
