using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>What people ask for.</summary>
internal static class ActionMoves
{
    public static RolloutStatus Apply(Turn turn, RolloutStatus status, RequestedAction action)
    {
        if ((ActionRules.Refusal(status, action.Kind) ?? Unseen(turn, status, action.Kind)) is { } refusal)
        {
            turn.Tell(EventKinds.ActionRefused, $"{Name(action)} by {action.By} is refused: {refusal}.", status.Run);
            return status;
        }

        return action.Kind switch
        {
            ActionKind.Pause => Pause(turn, status, action),
            ActionKind.Resume => Resume(turn, status, action),
            ActionKind.Approve => Approve(turn, status, action),
            ActionKind.Reject => End(turn, status, action, EventKinds.Rejected, "rejected"),
            ActionKind.Abort => End(turn, status, action, EventKinds.Aborted, "aborted"),
            ActionKind.Retry => Retry(turn, status, action),
            _ => Promote(turn, status, action),
        };
    }

    /// <summary>Nobody can have meant to override a failure that is seen only now.</summary>
    private static string? Unseen(Turn turn, RolloutStatus status, ActionKind kind) =>
        kind is ActionKind.Resume or ActionKind.Promote && status.Run?.Hold is { Kind: HoldKind.Failure } hold && hold.Since == turn.Now
            ? $"{status.Run.Canary.Name} has failed in this moment; ask again to override that"
            : null;

    private static RolloutStatus Pause(Turn turn, RolloutStatus status, RequestedAction action)
    {
        var reason = Spoken.With($"paused by {action.By}", action.Reason);
        turn.Tell(EventKinds.Paused, $"{status.Run!.Canary.Name} is held at {status.Run.Weight}, {reason}.", status.Run);
        return HoldMoves.Begin(turn, status, HoldKind.Person, turn.Now + HoldLimits.Person, reason);
    }

    private static RolloutStatus Resume(Turn turn, RolloutStatus status, RequestedAction action)
    {
        turn.Tell(EventKinds.Resumed, Spoken.With($"Resumed by {action.By}", action.Reason), status.Run);
        return HoldMoves.EndByPerson(turn, OverrideBudget(turn, Override(status)));
    }

    private static RolloutStatus Approve(Turn turn, RolloutStatus status, RequestedAction action)
    {
        turn.Tell(EventKinds.Approved, Spoken.With($"Approved by {action.By} at {status.Run!.Weight}", action.Reason), status.Run);
        return StepMoves.Enter(turn, status, status.Run.Step + 1);
    }

    private static RolloutStatus End(Turn turn, RolloutStatus status, RequestedAction action, string kind, string verb)
    {
        var reason = Spoken.With($"{verb} by {action.By}", action.Reason);
        turn.Tell(kind, $"Run {status.Run!.Id} of {status.Run.Canary.Name} is {reason}.", status.Run);
        return status.Phase == Phase.Baking
            ? RollbackMoves.BeginFromBake(turn, status, RunOutcome.Aborted, reason)
            : RollbackMoves.Begin(turn, status, RunOutcome.Aborted, reason);
    }

    private static RolloutStatus Retry(Turn turn, RolloutStatus status, RequestedAction action)
    {
        turn.Tell(EventKinds.Retried, Spoken.With($"{status.Run!.Canary.Name} is tried again, asked for by {action.By}", action.Reason), status.Run);
        return RunMoves.Start(turn, status, status.Run.Canary);
    }

    private static RolloutStatus Promote(Turn turn, RolloutStatus status, RequestedAction action)
    {
        var reason = Spoken.With($"promotion asked for by {action.By}", action.Reason);
        turn.Tell(EventKinds.PromotionRequested, $"{status.Run!.Canary.Name} at {status.Run.Weight}: {reason}.", status.Run);
        var overridden = Override(status);
        return PromotionMoves.Begin(turn, overridden with { Run = overridden.Run! with { Passed = false, Reason = reason } });
    }

    /// <summary>Who goes on from a failure has taken it upon themselves.</summary>
    private static RolloutStatus Override(RolloutStatus status)
    {
        var failed = status.Phase == Phase.RollingBack || status.Run!.Hold is { Kind: HoldKind.Failure };
        return failed ? status with { Run = status.Run! with { FailureOverridden = true } } : status;
    }

    /// <summary>Who goes on from a spent budget wants to wait all the same.</summary>
    private static RolloutStatus OverrideBudget(Turn turn, RolloutStatus status) =>
        status.Run is { Hold.Kind: HoldKind.Inconclusive } run && turn.SpentBudgetOf(run) is not null
            ? status with { Run = run with { BudgetOverridden = true } }
            : status;

    private static string Name(RequestedAction action) => action.Kind.ToString();
}
