using MeshCanary.Rollouts.Deciding.Moves;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Phases;

internal sealed class FailedPhase : IPhase
{
    public RolloutStatus Decide(Turn turn, RolloutStatus status)
    {
        if (turn.Seen.Target == status.Stable)
        {
            turn.Tell(EventKinds.ReturnedToStable, $"{status.Stable.Name} is wanted again, and it is what serves.", status.Run);
            return status.Enter(Phase.Stable, turn.Now);
        }

        return turn.Seen.Target == status.Run?.Canary
            ? turn.Waiting(status, $"a new revision, or a retry of {status.Run.Canary.Name}", null, "a run begins")
            : RunMoves.Start(turn, status, turn.Seen.Target);
    }
}
