using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>Moving all traffic back to stable.</summary>
internal static class RollbackMoves
{
    /// <summary>Begins: one traffic write, except while stable cannot serve what the canary does.</summary>
    public static RolloutStatus Begin(Turn turn, RolloutStatus status, RunOutcome outcome, string reason)
    {
        var run = status.Run!;
        var waits = turn.OnlyCanaryServes(status);
        var ending = run with { Weight = waits ? run.Weight : default, Outcome = outcome, Reason = reason, Hold = null, EndedAt = null };
        var write = waits
            ? $"its weight stays at {run.Weight} until {status.Stable.Name} has a ready endpoint"
            : $"its weight goes from {run.Weight} to 0%";
        // What led here has mostly just been told, at length.
        var why = turn.HasTold(reason) ? "." : $": {reason.TrimEnd('.')}.";
        turn.Tell(EventKinds.RollingBack, $"{run.Canary.Name} gives way to {status.Stable.Name}, {write}{why}", ending);
        return (status with { Run = ending }).Enter(Phase.RollingBack, turn.Now);
    }

    /// <summary>Begins the way back from a promoted revision to the kept one, which becomes stable in the same write.</summary>
    public static RolloutStatus BeginFromBake(Turn turn, RolloutStatus status, RunOutcome outcome, string reason)
    {
        var undone = status with
        {
            Stable = status.Previous!,
            Previous = null,
            Run = status.Run! with { Weight = new BasisPoints(BasisPoints.Whole), BakeUntil = null, HandoverAt = null },
        };
        return Begin(turn, undone, outcome, reason);
    }
}
