using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>Beginning and replacing runs.</summary>
internal static class RunMoves
{
    /// <summary>Begins a run of a revision against stable, with no traffic yet.</summary>
    public static RolloutStatus Start(Turn turn, RolloutStatus status, Revision canary)
    {
        var number = status.Runs + 1;
        var run = new Run
        {
            Id = $"r{number}",
            Canary = canary,
            Baseline = status.Stable,
            Plan = turn.Plan.Outline,
            StartedAt = turn.Now,
            StepStartedAt = turn.Now,
        };
        turn.Tell(EventKinds.RunStarted, $"Run {run.Id}: {canary.Name} against {status.Stable.Name}, steps {run.Plan}.", run);
        if (status.Previous is { } kept)
            status = LeavingMoves.Leave(turn, status, kept);
        var begun = (status with { Run = run, Runs = number, Previous = null }).Enter(Phase.Progressing, turn.Now);
        return StepMoves.Enter(turn, begun, 0);
    }

    /// <summary>Ends the run in flight in favour of a new one.</summary>
    public static RolloutStatus Supersede(Turn turn, RolloutStatus status, Run run, Revision canary, string reason)
    {
        turn.Ended.Add(run with { Outcome = RunOutcome.Superseded, EndedAt = turn.Now, Reason = reason, Hold = null });
        turn.Tell(EventKinds.Superseded, $"Run {run.Id} of {run.Canary.Name} ends at {run.Weight}: {reason}.", run);
        return Start(turn, LeavingMoves.Leave(turn, status, run.Canary), canary);
    }
}
