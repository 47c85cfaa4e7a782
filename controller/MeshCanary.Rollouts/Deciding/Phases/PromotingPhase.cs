using MeshCanary.Rollouts.Deciding.Moves;
using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Deciding.Phases;

internal sealed class PromotingPhase : IPhase
{
    private static readonly BasisPoints Whole = new(BasisPoints.Whole);

    public RolloutStatus Decide(Turn turn, RolloutStatus status)
    {
        status = Ramp.DropWithoutCapacity(turn, status);
        status = Ramp.Raise(turn, status, Whole);
        var run = status.Run!;
        var missing = Ramp.Missing(turn, status, Whole)
            ?? (turn.IsWhole(run.Canary) ? null : $"{run.Canary.Name} to have all of its {Spoken.Of(run.Canary.Addresses.Length, "endpoint")} ready");
        if (missing is null)
            return PromotionMoves.Finish(turn, status);
        if (turn.Now < status.PhaseDeadline(turn))
            return turn.Waiting(status, missing, status.PhaseDeadline(turn), "the run is rolled back");
        var reason = $"waited {Spoken.Of(turn.Spec.ProgressDeadline)} in the promotion for {missing}";
        turn.Tell(EventKinds.DeadlineMissed, $"Run {run.Id} {reason}.", run);
        return RollbackMoves.Begin(turn, status, RunOutcome.RolledBack, reason);
    }
}
