using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding.Moves;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Phases;

internal sealed class PausedPhase : IPhase
{
    public RolloutStatus Decide(Turn turn, RolloutStatus status)
    {
        // A hold keeps the weight or loses it with the capacity; it never raises it.
        status = Ramp.DropWithoutCapacity(turn, status);
        var run = status.Run!;
        if (run.Hold is not { } hold)
            return HoldMoves.End(turn, status);
        return hold.Kind switch
        {
            HoldKind.Approval => Approval(turn, status, run, hold),
            HoldKind.InvalidSplit => InvalidSplit(turn, status, run, hold),
            HoldKind.Inconclusive => Inconclusive(turn, status, run, hold),
            HoldKind.Failure => Person(turn, status, hold, RunOutcome.RolledBack, "a decision on the failed canary: resume, promote or abort"),
            _ => Person(turn, status, hold, RunOutcome.Aborted, "the person who paused it: resume, promote or abort"),
        };
    }

    private static RolloutStatus Approval(Turn turn, RolloutStatus status, Run run, Hold hold)
    {
        var onTimeout = StepMoves.Present(turn, run)?.Approval?.OnTimeout ?? TimeoutAction.Abort;
        if (turn.Now < hold.Until)
            return turn.Waiting(status, $"approval of {run.Canary.Name} at {run.Weight}", hold.Until, onTimeout == TimeoutAction.Abort ? "the run is aborted" : "the run goes on");
        var reason = $"no approval within {Spoken.Of(hold.Until - hold.Since)}";
        turn.Tell(EventKinds.ApprovalTimedOut, $"Step {run.Step + 1}: {reason}.", run);
        return onTimeout == TimeoutAction.Abort
            ? RollbackMoves.Begin(turn, status, RunOutcome.Aborted, reason)
            : StepMoves.Enter(turn, status, run.Step + 1);
    }

    private static RolloutStatus InvalidSplit(Turn turn, RolloutStatus status, Run run, Hold hold)
    {
        if (turn.VerdictOn(run) is { Kind: not VerdictKind.Invalid })
        {
            turn.Tell(EventKinds.Resumed, $"The comparison of {run.Canary.Name} is valid again; the run goes on at {run.Weight}.", run);
            return HoldMoves.End(turn, status);
        }

        if (turn.Now < hold.Until)
            return turn.Waiting(status, "a valid comparison (the split or the environment is not)", hold.Until, "the run is rolled back");
        turn.Tell(EventKinds.DeadlineMissed, $"The comparison of {run.Canary.Name} is still invalid: {run.Reason}", run);
        return RollbackMoves.Begin(turn, status, RunOutcome.RolledBack, run.Reason ?? "the comparison is invalid");
    }

    private static RolloutStatus Inconclusive(Turn turn, RolloutStatus status, Run run, Hold hold)
    {
        if (StepMoves.Present(turn, run) is { Weight: not null } step && StepMoves.IsPassed(turn, status, run, step))
        {
            turn.Tell(EventKinds.Resumed, $"The Pass that {run.Canary.Name} was held for has arrived.", run);
            return StepMoves.Pass(turn, status, run);
        }

        return Person(turn, status, hold, RunOutcome.RolledBack, "a Pass, or a person: resume, promote or abort");
    }

    private static RolloutStatus Person(Turn turn, RolloutStatus status, Hold hold, RunOutcome outcome, string what)
    {
        if (turn.Now < hold.Until)
            return turn.Waiting(status, what, hold.Until, "the run ends and traffic returns to stable");
        var run = status.Run!;
        var reason = $"held for {Spoken.Of(hold.Until - hold.Since)} without a decision ({run.Reason})";
        turn.Tell(EventKinds.DeadlineMissed, $"Run {run.Id} was {reason}.", run);
        return RollbackMoves.Begin(turn, status, outcome, reason);
    }
}
