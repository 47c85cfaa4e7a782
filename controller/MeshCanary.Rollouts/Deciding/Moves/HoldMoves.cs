using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>Holding a run at its weight, and letting it go on.</summary>
internal static class HoldMoves
{
    public static RolloutStatus Begin(Turn turn, RolloutStatus status, HoldKind kind, DateTimeOffset until, string reason)
    {
        var hold = new Hold(kind, turn.Now, until);
        var run = status.Run! with { Hold = hold, Reason = reason };
        // Only a broken split is a stall of its own; every other hold has a deadline of its own and stops that clock.
        if (kind != HoldKind.InvalidSplit)
            run = Stalls.End(turn, run);
        return (status with { Run = run }).Enter(Phase.Paused, turn.Now);
    }

    /// <summary>Goes on by itself: the step keeps its clock.</summary>
    public static RolloutStatus End(Turn turn, RolloutStatus status) =>
        (status with { Run = status.Run! with { Hold = null, Reason = null } }).Enter(Phase.Progressing, turn.Now);

    /// <summary>Goes on because a person says so: the step's clock begins again, the evidence stays.</summary>
    public static RolloutStatus EndByPerson(Turn turn, RolloutStatus status)
    {
        var ended = End(turn, status);
        return ended with
        {
            Run = ended.Run! with { StepStartedAt = turn.Now, StepAcknowledgedAt = null, StalledSince = null, StalledFor = TimeSpan.Zero },
        };
    }
}
