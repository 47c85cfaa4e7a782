using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Specs;

/// <summary>Parameters of the router <c>istio</c>.</summary>
public sealed record IstioSpec
{
    /// <summary>VirtualServices of the user whose destinations are changed, in the Canary's namespace; empty for one that MeshCanary makes.</summary>
    public ImmutableArray<VirtualServiceSpec> VirtualServices { get; init; } = [];

    /// <summary>Hosts of the VirtualService that MeshCanary makes, beside the Service's own name.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>Gateways of the VirtualService that MeshCanary makes; empty for the sidecars of the mesh alone.</summary>
    public ImmutableArray<string> Gateways { get; init; } = [];

    /// <summary>Fields of each HTTP route that MeshCanary makes, such as retries and timeout, as JSON; empty for none.</summary>
    public string Http { get; init; } = "";

    /// <summary>How long a route that the mesh does not report on is taken to be on its way to the data plane.</summary>
    public TimeSpan Propagation { get; init; } = TimeSpan.FromSeconds(5);
}
