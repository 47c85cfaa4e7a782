using MeshCanary.Rollouts.Deciding.Moves;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Phases;

internal sealed class RollingBackPhase : IPhase
{
    public RolloutStatus Decide(Turn turn, RolloutStatus status)
    {
        var run = status.Run!;
        if (turn.OnlyCanaryServes(status))
            return Wait(turn, status, $"{status.Stable.Name} to have a ready endpoint; until then {run.Canary.Name} keeps {run.Weight}");
        if (run.Weight.Value > 0)
        {
            run = run with { Weight = default };
            status = status with { Run = run };
        }

        return turn.IsAcknowledged(status)
            ? Finish(turn, status, run)
            : Wait(turn, status, turn.ProxiesTo($"acknowledge 0% for {run.Canary.Name}"));
    }

    private static RolloutStatus Wait(Turn turn, RolloutStatus status, string what) =>
        turn.Waiting(status.TellOverdue(turn, status.PhaseDeadline(turn), what), what, status.PhaseDeadline(turn), "this is reported, and goes on");

    private static RolloutStatus Finish(Turn turn, RolloutStatus status, Run run)
    {
        var ended = run with { EndedAt = turn.Now };
        turn.Ended.Add(ended);
        var returned = run.Outcome == RunOutcome.ReturnedToStable;
        turn.Tell(
            returned ? EventKinds.ReturnedToStable : EventKinds.RolledBack,
            $"All traffic is on {status.Stable.Name}, acknowledged by {turn.Splitters}, {Spoken.Of(turn.Now - status.PhaseSince)} after the decision.",
            ended);
        return LeavingMoves.Leave(turn, status with { Run = ended }, run.Canary).Enter(returned ? Phase.Stable : Phase.Failed, turn.Now);
    }
}
