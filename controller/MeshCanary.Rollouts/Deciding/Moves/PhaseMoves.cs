using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>Entering a phase.</summary>
internal static class PhaseMoves
{
    public static bool IsInFlight(this RolloutStatus status) =>
        status.Run is not null && status.Phase is Phase.Progressing or Phase.Paused or Phase.Promoting;

    public static RolloutStatus Enter(this RolloutStatus status, Phase phase, DateTimeOffset now) =>
        status with { Phase = phase, PhaseSince = now, Overdue = false };

    /// <summary>The deadline of phases that have one for all they wait for.</summary>
    public static DateTimeOffset PhaseDeadline(this RolloutStatus status, Turn turn) => status.PhaseSince + turn.Spec.ProgressDeadline;

    /// <summary>For phases that nothing safer can follow: tells once that the deadline is missed, and goes on.</summary>
    public static RolloutStatus TellOverdue(this RolloutStatus status, Turn turn, DateTimeOffset deadline, string what)
    {
        if (status.Overdue || turn.Now < deadline)
            return status;
        turn.Tell(EventKinds.DeadlineMissed, $"Waited {Spoken.Of(deadline - status.PhaseSince)} for {what}, and still waits: nothing else is safer.", status.Run);
        return status with { Overdue = true };
    }
}
