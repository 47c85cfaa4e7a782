using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>Where traffic should go: a function of the status alone, so that a restart asks for the same.</summary>
public sealed record TrafficPlan
{
    /// <summary>What the stable arm serves.</summary>
    public required Revision Stable { get; init; }

    /// <summary>What the canary arm serves; null for no canary arm.</summary>
    public Revision? Canary { get; init; }

    /// <summary>The canary's share; 0 without a canary arm.</summary>
    public BasisPoints CanaryWeight { get; init; }

    /// <summary>The plan that a status asks for.</summary>
    public static TrafficPlan For(RolloutStatus status) => throw new NotSupportedException($"{status}");
}
