using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Workloads;

/// <summary>How the controller itself looks at endpoints.</summary>
/// <param name="Check">What is asked; null for whether it takes connections.</param>
/// <param name="Protocol">In what.</param>
internal sealed record LookingAt(HealthCheckSpec? Check, UpstreamProtocolSpec Protocol)
{
    /// <summary>
    /// As a spec wants it. Where TLS has trust or certificates of its own, a connection is looked at alone: the files are
    /// the proxies', and they ask for themselves.
    /// </summary>
    public static LookingAt Of(CanarySpec spec) =>
        new(spec.Proxy.Upstream.Tls is null ? spec.Workload.Check : null, spec.Proxy.Upstream.Protocol);
}
