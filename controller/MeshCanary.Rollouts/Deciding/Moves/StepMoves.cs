using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Moves;

/// <summary>Walking the steps.</summary>
internal static class StepMoves
{
    /// <summary>Begins a step, or the promotion when all steps are done.</summary>
    public static RolloutStatus Enter(Turn turn, RolloutStatus status, int index)
    {
        var run = status.Run! with
        {
            Step = index,
            StepStartedAt = turn.Now,
            StepAcknowledgedAt = null,
            StalledSince = null,
            StalledFor = TimeSpan.Zero,
            Hold = null,
            Reason = null,
        };
        var entered = status with { Run = run };
        if (index >= turn.Plan.Steps.Length)
            return PromotionMoves.Begin(turn, entered);
        var step = turn.Plan.Steps[index];
        if (step.Approval is { } approval)
            return RequestApproval(turn, entered, run, approval);
        if (step.Weight is { } weight)
            entered = entered with { Run = run = run with { Reach = weight.Value > run.Reach.Value ? weight : run.Reach } };
        turn.Tell(EventKinds.StepStarted, $"Step {index + 1} of {turn.Plan.Steps.Length}: {step.Weight} of the traffic for {run.Canary.Name}.", run);
        return status.Phase == Phase.Progressing ? entered : entered.Enter(Phase.Progressing, turn.Now);
    }

    /// <summary>The present step, or null when all are done.</summary>
    public static StepSpec? Present(Turn turn, Run run) => run.Step < turn.Plan.Steps.Length ? turn.Plan.Steps[run.Step] : null;

    /// <summary>Whether the present weight step has all that it needs: acknowledgement, time, requests and a Pass.</summary>
    public static bool IsPassed(Turn turn, RolloutStatus status, Run run, StepSpec step) =>
        run.StepAcknowledgedAt is { } at && turn.Now >= at + step.MinDuration && turn.Now >= run.WarmupUntil
        && run.Weight == step.Weight && turn.IsAcknowledged(status)
        && turn.Seen.MetricsProblem is null && HasRequests(turn)
        && turn.VerdictOn(run) is { Kind: VerdictKind.Pass };

    public static bool HasRequests(Turn turn) => turn.Seen.StepCanaryRequests >= turn.Spec.Analysis.Settings.MinimumCanaryRequests;

    /// <summary>Completes the present step on a Pass.</summary>
    public static RolloutStatus Pass(Turn turn, RolloutStatus status, Run run)
    {
        var verdict = turn.VerdictOn(run)!;
        var took = Spoken.Of(turn.Now - run.StepAcknowledgedAt!.Value);
        turn.Tell(
            EventKinds.StepPassed,
            $"Step {run.Step + 1} passed at {run.Weight} after {took} and {Spoken.Of(turn.Seen.StepCanaryRequests, "canary request")}: {verdict.Reason}",
            run);
        return Enter(turn, status with { Run = run with { Passed = true } }, run.Step + 1);
    }

    private static RolloutStatus RequestApproval(Turn turn, RolloutStatus status, Run run, ApprovalSpec approval)
    {
        turn.Tell(
            EventKinds.ApprovalRequested,
            $"Step {run.Step + 1} of {turn.Plan.Steps.Length}: {run.Canary.Name} waits at {run.Weight} for approval, at most {Spoken.Of(approval.Timeout)}.",
            run);
        var hold = new Hold(HoldKind.Approval, turn.Now, turn.Now + approval.Timeout);
        return (status with { Run = run with { Hold = hold } }).Enter(Phase.Paused, turn.Now);
    }
}
