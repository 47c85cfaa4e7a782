using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>What people ask for.</summary>
internal static class ActionMoves
{
    public static RolloutStatus Apply(Turn turn, RolloutStatus status, RequestedAction action)
    {
        if ((ActionRules.Refusal(turn.Spec, status, action.Kind, action.Step) ?? Unseen(turn, status, action.Kind)) is { } refusal)
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
            ActionKind.Skip => Skip(turn, status, action),
            ActionKind.Jump => Jump(turn, status, action),
            ActionKind.Restart => Restart(turn, status, action),
            _ => Promote(turn, status, action),
        };
    }

    /// <summary>Nobody can have meant to override a failure that is seen only now, or to give traffic to a stable version that is down.</summary>
    private static string? Unseen(Turn turn, RolloutStatus status, ActionKind kind) => kind switch
    {
        ActionKind.Resume or ActionKind.Promote when status.Run?.Hold is { Kind: HoldKind.Failure } hold && hold.Since == turn.Now =>
            $"{status.Run.Canary.Name} has failed in this moment; ask again to override that",
        ActionKind.Jump or ActionKind.Restart when turn.OnlyCanaryServes(status) =>
            $"{status.Stable.Name} has no ready endpoint, so {status.Run!.Canary.Name} keeps its share",
        _ => null,
    };

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

    private static RolloutStatus Skip(Turn turn, RolloutStatus status, RequestedAction action)
    {
        var run = status.Run!;
        turn.Tell(EventKinds.StepSkipped, $"Step {run.Step + 1} ends at {run.Weight}: {Spoken.With($"skipped by {action.By}", action.Reason)}", run);
        return StepMoves.Enter(turn, status with { Run = run with { Passed = false } }, run.Step + 1);
    }

    private static RolloutStatus Jump(Turn turn, RolloutStatus status, RequestedAction action)
    {
        var run = status.Run!;
        var index = action.Step!.Value - 1;
        turn.Tell(EventKinds.StepSkipped, $"From step {run.Step + 1} to step {index + 1}: {Spoken.With($"asked for by {action.By}", action.Reason)}", run);
        // Raising waits for capacity; what is lowered is lowered at once.
        var weight = turn.Plan.Steps[index].Weight is { } wanted && wanted.Value < run.Weight.Value ? wanted : run.Weight;
        return StepMoves.Enter(turn, status with { Run = run with { Passed = false, Weight = weight } }, index);
    }

    private static RolloutStatus Restart(Turn turn, RolloutStatus status, RequestedAction action)
    {
        var run = status.Run!;
        var reason = Spoken.With($"begun again by {action.By}", action.Reason);
        turn.Tell(EventKinds.Restarted, $"Run {run.Id} of {run.Canary.Name} is {reason}.", run);
        return RunMoves.Supersede(turn, status, run, run.Canary, reason);
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
