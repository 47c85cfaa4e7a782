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
        status = Ramp.Raise(turn, status, Attainable(turn, status.Run!));
        var missing = Missing(turn, status);
        if (missing is null && turn.Seen.Workload is not null && status.Run!.HandoverAt is null)
            return status with { Run = status.Run with { HandoverAt = turn.Now } };
        if (missing is null)
            return PromotionMoves.Finish(turn, status);
        var run = status.Run!;
        if (turn.Now < status.PhaseDeadline(turn))
            return turn.Waiting(status, missing, status.PhaseDeadline(turn), "the run is rolled back");
        var reason = $"waited {Spoken.Of(turn.Spec.ProgressDeadline)} in the promotion for {missing}";
        turn.Tell(EventKinds.DeadlineMissed, $"Run {run.Id} {reason}.", run);
        return RollbackMoves.Begin(turn, status, RunOutcome.RolledBack, reason);
    }

    /// <summary>All of the traffic; where a person rolls the canary out, what its pods serve by now, because stable's go meanwhile.</summary>
    private static BasisPoints Attainable(Turn turn, Run run) =>
        turn.Seen.Workload is { } workload && workload.TakenOver == run.Canary
            ? ArmSize.Serves(turn.Ready(run.Canary) ?? 0, workload.Whole)
            : Whole;

    private static string? Missing(Turn turn, RolloutStatus status)
    {
        var run = status.Run!;
        if (Ramp.Missing(turn, status, Whole) is { } missing)
            return missing;
        if (run.HandoverAt is null)
            return turn.CanServe(run.Canary, Whole) ? null : Ramp.Capacity(turn, run, Whole);
        if (turn.Seen.Workload is not { } workload || workload.Home == run.Canary)
            return null;
        var problem = workload.Problem is { } why ? $" ({why})" : "";
        return $"the workload to take {run.Canary.Name} over as its own{problem}";
    }
}
