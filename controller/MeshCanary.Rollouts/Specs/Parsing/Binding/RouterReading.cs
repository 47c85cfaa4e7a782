namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>What <c>spec.router</c> says.</summary>
/// <param name="Name">Which router.</param>
/// <param name="Proxy">Parameters of the router <c>proxy</c>.</param>
/// <param name="Istio">Parameters of the router <c>istio</c>; null for another.</param>
/// <param name="GatewayApi">Parameters of the router <c>gatewayApi</c>; null for another.</param>
internal sealed record RouterReading(string Name, ProxySpec Proxy, IstioSpec? Istio, GatewayApiSpec? GatewayApi)
{
    /// <summary>Whether our own proxies split.</summary>
    public bool IsOurs => Istio is null && GatewayApi is null;
}
