using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Rollouts.Strategies;

/// <summary>Walks the steps as the user wrote them.</summary>
internal sealed class CanaryStrategy : IRolloutStrategy
{
    public string Name => "canary";

    public RolloutPlan Plan(StrategySpec spec) => new() { Steps = spec.Steps };
}
