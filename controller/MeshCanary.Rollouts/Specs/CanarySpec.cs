
namespace MeshCanary.Rollouts.Specs;

/// <summary>The spec of a Canary.</summary>
public sealed record CanarySpec
{
    /// <summary>Name of the router that is ours.</summary>
    public const string OwnRouter = "proxy";

    /// <summary>What runs the versions.</summary>
    public required WorkloadSpec Workload { get; init; }

    /// <summary>What clients call.</summary>
    public required ServiceSpec Service { get; init; }

    /// <summary>Name of the traffic router: <c>proxy</c>, which is ours, <c>istio</c> or <c>gatewayApi</c>.</summary>
    public string Router { get; init; } = OwnRouter;

    /// <summary>Parameters of the router <c>proxy</c>.</summary>
    public ProxySpec Proxy { get; init; } = new();

    /// <summary>Parameters of the router <c>istio</c>; null for another.</summary>
    public IstioSpec? Istio { get; init; }

    /// <summary>Parameters of the router <c>gatewayApi</c>; null for another.</summary>
    public GatewayApiSpec? GatewayApi { get; init; }

    /// <summary>How a new version is exposed.</summary>
    public required StrategySpec Strategy { get; init; }

    /// <summary>How it is judged.</summary>
    public AnalysisSpec Analysis { get; init; } = new();

    /// <summary>What a Fail does.</summary>
    public FailureAction OnFailure { get; init; } = FailureAction.Rollback;

    /// <summary>How long a promoted version is watched while the old one is kept.</summary>
    public TimeSpan BakeTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest wait for capacity, acknowledgement or anything else that has no deadline of its own.</summary>
    public TimeSpan ProgressDeadline { get; init; } = TimeSpan.FromMinutes(10);
}
