namespace MeshCanary.Rollouts.Specs;

/// <summary>Parameters of the router <c>proxy</c>.</summary>
public sealed record ProxySpec
{
    /// <summary>What is asked of the stable arm alone.</summary>
    public ArmSpec Stable { get; init; } = new();

    /// <summary>What is asked of the canary arm alone.</summary>
    public ArmSpec Canary { get; init; } = new();

    /// <summary>How long an endpoint that became ready gets less than its share; zero for not at all.</summary>
    public TimeSpan SlowStart { get; init; }

    /// <summary>When an endpoint that fails is left out for a while; null for the defaults.</summary>
    public OutlierSpec? Outliers { get; init; }

    /// <summary>How endpoints are spoken to.</summary>
    public UpstreamSpec Upstream { get; init; } = new();
}
