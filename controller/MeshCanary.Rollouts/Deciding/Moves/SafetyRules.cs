using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>What is looked at in every phase of a run in flight, before anything else.</summary>
internal static class SafetyRules
{
    /// <summary>A Fail, or an alarm, acts at once, whatever the run waits for.</summary>
    public static RolloutStatus OnFail(Turn turn, RolloutStatus status)
    {
        if (!status.IsInFlight() || status.Run is not { FailureOverridden: false } run || run.Hold is { Kind: HoldKind.Failure }
            || turn.FailureOf(run) is not { } reason)
            return status;
        turn.Tell(EventKinds.Failed, $"{run.Canary.Name} failed at {run.Weight}: {reason}", run);
        if (turn.Spec.OnFailure == FailureAction.Rollback)
            return RollbackMoves.Begin(turn, status, RunOutcome.RolledBack, reason);
        turn.Tell(EventKinds.Held, $"{run.Canary.Name} is held at {run.Weight} on failure; a person decides.", run);
        return HoldMoves.Begin(turn, status, HoldKind.Failure, turn.Now + HoldLimits.Person, $"held on failure: {reason}");
    }

    /// <summary>A newer wanted revision, or edited steps, end a run in flight.</summary>
    public static RolloutStatus OnTarget(Turn turn, RolloutStatus status)
    {
        if (!status.IsInFlight())
            return status;
        var run = status.Run!;
        var target = turn.Seen.Target;
        if (target == status.Stable)
            return RollbackMoves.Begin(turn, status, RunOutcome.ReturnedToStable, $"{target.Name} is wanted again");
        if (target == run.Canary)
            return run.Plan == turn.Plan.Outline || status.Phase == Phase.Promoting ? status : Restart(turn, status, run);
        return turn.OnlyCanaryServes(status) ? status : RunMoves.Supersede(turn, status, run, target, $"{target.Name} takes its place");
    }

    /// <summary>A person let the workload roll a revision out by itself: that is their decision, whatever the phase.</summary>
    public static RolloutStatus OnTakeover(Turn turn, RolloutStatus status)
    {
        if (turn.Seen.Workload?.TakenOver is not { } taken || taken == status.Stable || taken != turn.Seen.Target || status.Phase is Phase.Adopting or Phase.Releasing)
            return status;
        if (status.IsInFlight() && status.Run!.Canary == taken)
            return status.Run.HandoverAt is null ? PromotionMoves.BeginByHand(turn, status) : status;
        return status.Phase is Phase.Stable or Phase.Failed ? PromotionMoves.BeginByHand(turn, RunMoves.Start(turn, status, taken)) : status;
    }

    private static RolloutStatus Restart(Turn turn, RolloutStatus status, Run run) => turn.OnlyCanaryServes(status)
        ? status
        : RunMoves.Supersede(turn, status, run, run.Canary, $"its steps were edited from {run.Plan} to {turn.Plan.Outline}");
}
