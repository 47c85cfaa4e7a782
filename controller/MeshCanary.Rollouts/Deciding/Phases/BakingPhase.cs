using MeshCanary.Rollouts.Deciding.Moves;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Phases;

internal sealed class BakingPhase : IPhase
{
    public RolloutStatus Decide(Turn turn, RolloutStatus status)
    {
        var run = status.Run!;
        if (Regression(turn, status) is { } regression)
        {
            turn.Tell(EventKinds.Failed, $"{run.Canary.Name} failed while it was watched: {regression}.", run);
            return RollbackMoves.BeginFromBake(turn, status, RunOutcome.RolledBack, regression);
        }

        if (turn.Seen.Target == status.Previous)
            return RollbackMoves.BeginFromBake(turn, status, RunOutcome.ReturnedToStable, $"{status.Previous.Name} is wanted again");
        if (turn.Seen.Target != status.Stable)
        {
            var early = turn.Now < run.BakeUntil ? $", {Spoken.Of(run.BakeUntil.Value - turn.Now)} early: {turn.Seen.Target.Name} has arrived" : "";
            return RunMoves.Start(turn, Finish(turn, status, early), turn.Seen.Target);
        }

        return Watch(turn, status, run.BakeUntil ?? status.PhaseSince);
    }

    private static string? Regression(Turn turn, RolloutStatus status)
    {
        if (turn.Seen.BakeRegression is { } regression && turn.IsJudged(status.Run!))
            return regression;
        return turn.IsDown(status.Stable) && turn.Ready(status.Previous!) > 0 ? "it has no ready endpoint left" : null;
    }

    private static RolloutStatus Watch(Turn turn, RolloutStatus status, DateTimeOffset until)
    {
        if (turn.Now < until)
            return turn.Waiting(status, $"the end of the bake of {status.Stable.Name}", until, $"{status.Previous!.Name} is dropped");
        // Before every proxy knows the new route, a stale one may still fall back on the old revision.
        var last = until + turn.Spec.ProgressDeadline;
        if (turn.IsAcknowledged(status))
            return Finish(turn, status, "");
        var what = turn.ProxiesTo($"acknowledge the route to {status.Stable.Name}");
        if (turn.Now < last)
            return turn.Waiting(status, what, last, $"{status.Previous!.Name} is dropped");
        turn.Tell(EventKinds.DeadlineMissed, $"Waited {Spoken.Of(turn.Spec.ProgressDeadline)} for {what}.", status.Run);
        return Finish(turn, status, "");
    }

    private static RolloutStatus Finish(Turn turn, RolloutStatus status, string early)
    {
        turn.Tell(EventKinds.BakeFinished, $"The bake of {status.Stable.Name} is over{early}; {status.Previous!.Name} is dropped.", status.Run);
        turn.Ended.Add(status.Run!);
        return (LeavingMoves.Leave(turn, status, status.Previous!) with { Previous = null }).Enter(Phase.Stable, turn.Now);
    }
}
