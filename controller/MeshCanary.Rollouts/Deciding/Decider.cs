using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>
/// The decision core: a pure function from what is wanted, what was decided and what is seen to what is decided next.
/// No clock, no I/O; the same arguments give the same decision.
/// </summary>
public static class Decider
{
    /// <summary>The status of a Canary that was never seen before.</summary>
    public static RolloutStatus Begin(CanarySpec spec, DateTimeOffset now) => throw new NotSupportedException($"{spec} {now}");

    /// <summary>Decides. Persist the status, then bring traffic to <see cref="TrafficPlan.For"/> of it, then tell the events.</summary>
    public static Decision Decide(CanarySpec spec, RolloutStatus status, Observation observation, DateTimeOffset now) =>
        throw new NotSupportedException($"{spec} {status} {observation} {now}");
}
