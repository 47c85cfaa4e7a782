using MeshCanary.Controller.Distribution;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Workloads;

namespace MeshCanary.Controller.Api;

/// <summary>What the API answers from.</summary>
internal sealed record ApiParts
{
    /// <summary>The Canaries.</summary>
    public required CanarySet Canaries { get; init; }

    /// <summary>The decision log.</summary>
    public required EventLog Events { get; init; }

    /// <summary>The runs that are kept.</summary>
    public required RunHistory Runs { get; init; }

    /// <summary>The proxies.</summary>
    public required IProxyDirectory Proxies { get; init; }

    /// <summary>Looks whether an announced address answers.</summary>
    public required EndpointProbe Probe { get; init; }

    /// <summary>The state file.</summary>
    public required StateDatabase Database { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }
}
