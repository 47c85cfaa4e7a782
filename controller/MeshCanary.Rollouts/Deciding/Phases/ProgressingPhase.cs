using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding.Moves;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding.Phases;

internal sealed class ProgressingPhase : IPhase
{
    public RolloutStatus Decide(Turn turn, RolloutStatus status)
    {
        var run = status.Run!;
        // An approval is entered here again when a hold on top of it ends.
        if (StepMoves.Present(turn, run) is not { Weight: { } weight } step)
            return StepMoves.Enter(turn, status, run.Step);
        status = Ramp.DropWithoutCapacity(turn, status);
        status = Ramp.Raise(turn, status, weight);
        var missing = Ramp.Missing(turn, status, weight);
        status = missing is null ? Acknowledge(turn, status) : status with { Run = Stalls.Begin(turn, status.Run!) };
        run = status.Run!;
        if (StepMoves.IsPassed(turn, status, run, step))
            return StepMoves.Pass(turn, status, run);
        if (missing is not null && turn.Now >= Stalls.Deadline(turn, run))
            return MissProgress(turn, status, missing);
        if (turn.VerdictOn(run) is { Kind: VerdictKind.Invalid } verdict)
            return HoldInvalid(turn, status, verdict);
        // A policy may stand in for a Pass, never for capacity and acknowledgement.
        if ((missing is null || turn.Spec.Analysis.OnInconclusive != InconclusiveAction.Promote) && EndOfAnalysis(turn, run, step) is { } end)
            return EndInconclusive(turn, status, end);
        return missing is null ? WaitForEvidence(turn, status, step) : WaitForTraffic(turn, status, step, missing);
    }

    private static RolloutStatus Acknowledge(Turn turn, RolloutStatus status)
    {
        var run = Stalls.End(turn, status.Run!);
        if (run.StepAcknowledgedAt is not null)
            return status with { Run = run };
        run = run with { StepAcknowledgedAt = turn.Now };
        // The warm-up is of the revision, not of the step: it begins with its first traffic.
        if (run.Weight.Value > 0)
            run = run with { WarmupUntil = run.WarmupUntil ?? turn.Now + turn.Spec.Analysis.Warmup };
        turn.Tell(EventKinds.StepAcknowledged, $"{run.Weight} for {run.Canary.Name} is in force on {turn.Splitters}.", run);
        return status with { Run = run };
    }

    private static RolloutStatus MissProgress(Turn turn, RolloutStatus status, string missing)
    {
        var reason = $"waited {Spoken.Of(turn.Spec.ProgressDeadline)} in step {status.Run!.Step + 1} for {missing}";
        turn.Tell(EventKinds.DeadlineMissed, $"Run {status.Run.Id} {reason}.", status.Run);
        return RollbackMoves.Begin(turn, status, RunOutcome.RolledBack, reason);
    }

    private static RolloutStatus HoldInvalid(Turn turn, RolloutStatus status, Verdict verdict)
    {
        var run = Stalls.Begin(turn, status.Run!);
        turn.Tell(EventKinds.Held, $"{run.Canary.Name} is held at {run.Weight}: {verdict.Reason}", run);
        return HoldMoves.Begin(turn, status with { Run = run }, HoldKind.InvalidSplit, Stalls.Deadline(turn, run), verdict.Reason);
    }

    /// <summary>Why nothing more is waited for, in words; null while it is.</summary>
    private static string? EndOfAnalysis(Turn turn, Run run, StepSpec step)
    {
        var why = turn.Seen.MetricsProblem ?? turn.VerdictOn(run)?.Reason ?? "there is no verdict yet";
        if (run.StepAcknowledgedAt + step.MaxDuration <= turn.Now)
            return $"no Pass within {Spoken.Of(step.MaxDuration)} at {run.Weight}: {why}";
        if (run.StepAcknowledgedAt is null || turn.SpentBudgetOf(run) is not { } spent)
            return null;
        // Where the evidence is complete only time is missing, and time costs no requests.
        if (turn.VerdictOn(run) is { Kind: VerdictKind.Pass } && StepMoves.HasRequests(turn))
            return null;
        turn.Tell(EventKinds.ExposureSpent, $"{run.Canary.Name} at {run.Weight}: {spent}.", run);
        return $"no Pass before {spent}: {why}";
    }

    private static RolloutStatus EndInconclusive(Turn turn, RolloutStatus status, string reason)
    {
        var run = status.Run!;
        switch (turn.Spec.Analysis.OnInconclusive)
        {
            case InconclusiveAction.Promote:
                turn.Tell(EventKinds.StepTimedOut, $"Step {run.Step + 1} ends by policy, {reason}", run);
                return StepMoves.Enter(turn, status with { Run = run with { Passed = false } }, run.Step + 1);
            case InconclusiveAction.Rollback:
                turn.Tell(EventKinds.StepTimedOut, $"Step {run.Step + 1} ends, {reason}", run);
                return RollbackMoves.Begin(turn, status, RunOutcome.RolledBack, reason);
            default:
                turn.Tell(EventKinds.Held, $"{run.Canary.Name} is held at {run.Weight}: {reason}", run);
                return HoldMoves.Begin(turn, status, HoldKind.Inconclusive, turn.Now + HoldLimits.Person, reason);
        }
    }

    private static RolloutStatus WaitForTraffic(Turn turn, RolloutStatus status, StepSpec step, string missing)
    {
        var deadline = Stalls.Deadline(turn, status.Run!);
        return status.Run!.StepAcknowledgedAt + step.MaxDuration is { } last && turn.Now < last && last < deadline
            ? turn.Waiting(status, missing, last, AtLongest(turn))
            : turn.Waiting(status, missing, deadline, "the run is rolled back");
    }

    private static RolloutStatus WaitForEvidence(Turn turn, RolloutStatus status, StepSpec step)
    {
        var run = status.Run!;
        var acknowledged = run.StepAcknowledgedAt!.Value;
        var last = acknowledged + step.MaxDuration;
        turn.WakeBy(last);
        turn.WakeBy(acknowledged + step.MinDuration);
        if (turn.Now < run.WarmupUntil)
            return turn.Waiting(status, $"{run.Canary.Name} to warm up at {run.Weight}", Min(run.WarmupUntil.Value, last), "its requests are counted");
        if (turn.Seen.MetricsProblem is { } problem)
            return turn.Waiting(status, $"metrics of {run.Canary.Name} ({problem})", last, AtLongest(turn));
        if (turn.VerdictOn(run) is { Kind: VerdictKind.Inconclusive, SuspectEndpoint: { } endpoint })
            return turn.Waiting(status, $"another endpoint of {run.Canary.Name} in place of {endpoint}, which the regression comes from", last, AtLongest(turn));
        var passed = turn.VerdictOn(run) is { Kind: VerdictKind.Pass };
        if (passed && turn.Now < acknowledged + step.MinDuration)
            return turn.Waiting(status, $"the shortest time at {run.Weight}", Min(acknowledged + step.MinDuration, last), "the step is complete");
        return passed && !StepMoves.HasRequests(turn)
            ? turn.Waiting(status, $"{Spoken.Of(turn.Spec.Analysis.Settings.MinimumCanaryRequests, "canary request")} at {run.Weight}", last, AtLongest(turn))
            : turn.Waiting(status, $"enough evidence on {run.Canary.Name} at {run.Weight}", last, AtLongest(turn));
    }

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static string AtLongest(Turn turn) => turn.Spec.Analysis.OnInconclusive switch
    {
        InconclusiveAction.Promote => "the next step begins",
        InconclusiveAction.Rollback => "the run is rolled back",
        _ => "the weight is held for a person",
    };
}
