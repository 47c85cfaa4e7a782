using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Rollouts.Strategies;

/// <summary>A way to expose a new version. Pure: the same spec gives the same plan.</summary>
public interface IRolloutStrategy
{
    /// <summary>Its name, as in <see cref="StrategySpec.Type"/>.</summary>
    string Name { get; }

    /// <summary>The steps that a run walks.</summary>
    RolloutPlan Plan(StrategySpec spec);
}
