using MeshCanary.Rollouts.Deciding.Moves;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Phases;

internal sealed class StablePhase : IPhase
{
    public RolloutStatus Decide(Turn turn, RolloutStatus status) => turn.Seen.Target == status.Stable
        ? turn.Waiting(status, "a new revision", null, "a run begins")
        : RunMoves.Start(turn, status, turn.Seen.Target);
}
