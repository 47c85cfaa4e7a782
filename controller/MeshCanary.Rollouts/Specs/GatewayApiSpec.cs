namespace MeshCanary.Rollouts.Specs;

/// <summary>Parameters of the router <c>gatewayApi</c>.</summary>
public sealed record GatewayApiSpec
{
    /// <summary>How long a route that no controller reports on is taken to be on its way to the data plane.</summary>
    public TimeSpan Propagation { get; init; } = TimeSpan.FromSeconds(5);
}
