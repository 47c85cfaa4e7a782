using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using MeshCanary.Rollouts.Strategies;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>Whether an action makes sense: the same answer for the API at once and for the decision later. Pure.</summary>
public static class ActionRules
{
    /// <summary>Why an action makes no sense in a status, in plain words with a remedy; null when it does.</summary>
    /// <param name="spec">What is written.</param>
    /// <param name="status">Where the rollout stands.</param>
    /// <param name="kind">What is asked for.</param>
    /// <param name="step">The step to go to, from 1; for <see cref="ActionKind.Jump"/> alone.</param>
    public static string? Refusal(CanarySpec spec, RolloutStatus status, ActionKind kind, int? step = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(status);
        var hold = status.Phase == Phase.Paused ? status.Run?.Hold?.Kind : null;
        return kind switch
        {
            ActionKind.Pause => status.Phase switch
            {
                Phase.Progressing => null,
                Phase.Paused => "the run is held already",
                Phase.Promoting => "the run is being promoted; abort it to return to stable",
                _ => NoRun(status, "pause"),
            },
            ActionKind.Resume => hold switch
            {
                HoldKind.Approval => "the run waits for an approval; approve or reject it",
                null => "the run is not paused",
                _ => null,
            },
            ActionKind.Approve or ActionKind.Reject => hold == HoldKind.Approval ? null : "no approval is waited for",
            ActionKind.Abort => status.Phase is Phase.Progressing or Phase.Paused or Phase.Promoting or Phase.Baking ? null : NoRun(status, "abort"),
            ActionKind.Retry => status.Phase == Phase.Failed ? null : "only a failed revision can be tried again",
            ActionKind.Promote => CanPromote(status) ? null : NoRun(status, "promote"),
            ActionKind.Skip => Walk(status, "skip") ?? Skip(spec, status.Run!),
            ActionKind.Jump => Walk(status, "jump in") ?? Jump(spec, status.Run!, step),
            ActionKind.Restart => status.Phase switch
            {
                Phase.Progressing or Phase.Paused => null,
                Phase.Promoting => "the run is being promoted; abort it to return to stable",
                Phase.Failed => $"the run has ended; retry tries {status.Run?.Canary.Name} again",
                _ => NoRun(status, "restart"),
            },
            _ => $"there is no action '{kind}'",
        };
    }

    // A rollback that keeps its weight waits for a stable version that is down: a person may choose the canary instead.
    private static bool CanPromote(RolloutStatus status) =>
        status.Phase is Phase.Progressing or Phase.Paused || status is { Phase: Phase.RollingBack, Run: { Weight.Value: > 0, Outcome: not RunOutcome.ReturnedToStable } };

    // Who lets a failed version go on says so by name, and nobody walks past a consent that is asked for.
    private static string? Walk(RolloutStatus status, string verb) => status.Phase switch
    {
        Phase.Progressing => null,
        Phase.Paused when status.Run?.Hold?.Kind == HoldKind.Failure => $"{status.Run.Canary.Name} has failed; resume or promote goes on all the same, abort ends the run",
        Phase.Paused => null,
        _ => NoRun(status, verb),
    };

    private static string? Skip(CanarySpec spec, Run run) =>
        run.Hold?.Kind == HoldKind.Approval ? "the run waits for an approval; approve or reject it"
        : run.Step + 1 >= Steps(spec).Length ? "it is the last step; promote goes on without its evidence"
        : null;

    private static string? Jump(CanarySpec spec, Run run, int? step)
    {
        var steps = Steps(spec);
        if (step is not { } wanted || wanted < 1 || wanted > steps.Length)
            return $"name a step from 1 to {steps.Length}";
        if (wanted - 1 == run.Step)
            return $"step {wanted} is the present one";
        var passedOver = Enumerable.Range(run.Step, Math.Max(0, wanted - 1 - run.Step)).FirstOrDefault(index => steps[index].Approval is not null, -1);
        return passedOver < 0 ? null : $"step {passedOver + 1} is an approval, which cannot be passed over; jump to it, or approve it";
    }

    private static ImmutableArray<StepSpec> Steps(CanarySpec spec) => RolloutStrategies.Get(spec.Strategy.Type).Plan(spec.Strategy).Steps;

    private static string NoRun(RolloutStatus status, string verb) => status.Phase switch
    {
        Phase.Promoting => "the run is being promoted already",
        Phase.Baking => $"{status.Stable.Name} is promoted already; abort returns to {status.Previous?.Name}",
        Phase.RollingBack => "the run is being rolled back already",
        Phase.Failed => $"the run has ended; retry tries {status.Run?.Canary.Name} again",
        Phase.Releasing => "the Canary is being removed",
        _ => $"there is no run to {verb}; announce a new revision first",
    };
}
