using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>Making the analysed revision stable.</summary>
internal static class PromotionMoves
{
    /// <summary>Begins to move all traffic to the run's own, pinned revision.</summary>
    public static RolloutStatus Begin(Turn turn, RolloutStatus status)
    {
        var run = status.Run! with { Step = turn.Plan.Steps.Length, Reach = new(BasisPoints.Whole), Hold = null, Outcome = null };
        var why = run.Passed ? "on evidence" : "without a Pass, by a person or by policy";
        turn.Tell(EventKinds.Promoting, $"All steps are done {why}: all traffic moves to {run.Canary.Name}.", run);
        return (status with { Run = run }).Enter(Phase.Promoting, turn.Now);
    }

    /// <summary>A person let the workload's home roll the revision out by itself: what it has, it gets, and no evidence is waited for.</summary>
    public static RolloutStatus BeginByHand(Turn turn, RolloutStatus status)
    {
        var run = status.Run! with { Passed = false, FailureOverridden = true, HandoverAt = turn.Now };
        turn.Tell(EventKinds.TakenOver, $"{run.Canary.Name} is being rolled out by hand: its traffic follows its pods.", run);
        return Begin(turn, status with { Run = run });
    }

    /// <summary>The canary serves everything everywhere: it is stable from now on.</summary>
    public static RolloutStatus Finish(Turn turn, RolloutStatus status)
    {
        var old = status.Stable;
        var run = status.Run! with
        {
            Outcome = status.Run.Passed ? RunOutcome.Promoted : RunOutcome.PromotedByHand,
            EndedAt = turn.Now,
            BakeUntil = turn.Now + turn.Spec.BakeTime,
        };
        // Who rolled it out by hand took the old version's pods.
        var bakes = turn.Spec.BakeTime > TimeSpan.Zero && turn.Seen.Workload?.TakenOver != run.Canary;
        var then = bakes ? $" {old.Name} is kept for {Spoken.Of(turn.Spec.BakeTime)}." : "";
        turn.Tell(
            EventKinds.Promoted,
            $"{run.Canary.Name} is stable, {Spoken.Of(turn.Now - run.StartedAt)} after the run began, acknowledged by {turn.Splitters}.{then}",
            run);
        var promoted = status with { Stable = run.Canary, Previous = bakes ? old : null, Run = run };
        if (!bakes)
        {
            turn.Ended.Add(run);
            promoted = LeavingMoves.Leave(turn, promoted, old);
        }

        return promoted.Enter(bakes ? Phase.Baking : Phase.Stable, turn.Now);
    }
}
