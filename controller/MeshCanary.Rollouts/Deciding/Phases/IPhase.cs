using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Phases;

/// <summary>What one phase does.</summary>
internal interface IPhase
{
    /// <summary>
    /// One move, or none: a status in this phase gives the status that follows from what is seen. It is called again until
    /// nothing moves, so the last call is the one whose waits and wake-ups hold.
    /// </summary>
    RolloutStatus Decide(Turn turn, RolloutStatus status);
}
