using MeshCanary.Rollouts.Deciding.Moves;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Phases;

internal sealed class AdoptingPhase : IPhase
{
    public RolloutStatus Decide(Turn turn, RolloutStatus status)
    {
        var acknowledged = turn.IsAcknowledged(status);
        if (acknowledged && (turn.Ready(status.Stable) >= 1 || MayBeTheFix(turn, status)))
        {
            turn.Tell(EventKinds.Adopted, $"{status.Stable.Name} serves all traffic, acknowledged by {turn.Splitters}.", null);
            return status.Enter(Phase.Stable, turn.Now);
        }

        var what = acknowledged
            ? $"{status.Stable.Name} to have a ready endpoint"
            : turn.ProxiesTo($"acknowledge the route to {status.Stable.Name}");
        var told = status.TellOverdue(turn, status.PhaseDeadline(turn), what);
        return turn.Waiting(told, what, status.PhaseDeadline(turn), "this is reported, and goes on");
    }

    /// <summary>A stable version that never became ready must not keep out the version that may repair it.</summary>
    private static bool MayBeTheFix(Turn turn, RolloutStatus status) => status.Overdue && turn.Seen.Target != status.Stable;
}
