using System.Collections.Frozen;
using MeshCanary.Rollouts.Deciding.Moves;
using MeshCanary.Rollouts.Deciding.Phases;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>
/// The decision core: a pure function from what is wanted, what was decided and what is seen to what is decided next.
/// No clock, no I/O; the same arguments give the same decision. Deciding again on the same sight changes nothing and tells
/// nothing, so a crash anywhere between a decision and its effects is repaired by deciding again.
/// </summary>
public static class Decider
{
    /// <summary>More moves than any chain of phases has: reaching it is a fault of the phases, not of the caller.</summary>
    private const int MostMoves = 64;

    private static readonly FrozenDictionary<Phase, IPhase> Phases = new Dictionary<Phase, IPhase>
    {
        [Phase.Adopting] = new AdoptingPhase(),
        [Phase.Stable] = new StablePhase(),
        [Phase.Progressing] = new ProgressingPhase(),
        [Phase.Paused] = new PausedPhase(),
        [Phase.Promoting] = new PromotingPhase(),
        [Phase.Baking] = new BakingPhase(),
        [Phase.RollingBack] = new RollingBackPhase(),
        [Phase.Failed] = new FailedPhase(),
        [Phase.Releasing] = new ReleasingPhase(),
    }.ToFrozenDictionary();

    /// <summary>The status of a Canary that was never seen before.</summary>
    /// <exception cref="InvalidOperationException">The spec names no stable version: the workload has to be asked.</exception>
    public static RolloutStatus Begin(CanarySpec spec, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Begin(spec, spec.Workload.GivenStable, now);
    }

    /// <summary>The status of a Canary that was never seen before, with the version that its workload runs.</summary>
    public static RolloutStatus Begin(CanarySpec spec, Revision stable, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(stable);
        return new RolloutStatus
        {
            Phase = Phase.Adopting,
            PhaseSince = now,
            Stable = stable,
            WaitingFor = new WaitingFor($"{(spec.Router == CanarySpec.OwnRouter ? "a proxy to connect and" : $"{spec.Router} to")} acknowledge the route to {stable.Name}", now, now + spec.ProgressDeadline, "this is reported, and goes on"),
        };
    }

    /// <summary>Decides. Persist the status, then bring traffic to <see cref="TrafficPlan.For"/> of it, then tell the events.</summary>
    public static Decision Decide(CanarySpec spec, RolloutStatus status, Observation observation, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(observation);
        var turn = new Turn(spec, status, observation, now);
        // Safety first, then people, then the newest revision: nobody's click outruns a Fail or lands on a run they did not see.
        // Pods that a person rolls out are a fact already.
        var next = SafetyRules.OnFail(turn, SafetyRules.OnTakeover(turn, status));
        foreach (var action in observation.Actions)
            next = ActionMoves.Apply(turn, next, action);
        next = Settle(turn, next);
        return Conclude(turn, next);
    }

    /// <summary>
    /// Begins the removal: all traffic to stable, no canary arm. It is done when a later decision's status says
    /// <see cref="RolloutStatus.Released"/> (and an event <see cref="EventKinds.Released"/> tells it).
    /// </summary>
    /// <param name="status">Where the rollout stands.</param>
    /// <param name="runsPods">Whether the workload runs its revisions by itself: what gets no traffic any more has to be taken down.</param>
    /// <param name="now">The time.</param>
    public static Decision Release(RolloutStatus status, bool runsPods, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status.Phase == Phase.Releasing)
            return new Decision { Status = status };
        var until = now + HoldLimits.Removal;
        var open = status.Run is { EndedAt: null } run
            ? run with { Outcome = run.Outcome ?? RunOutcome.Aborted, EndedAt = now, Reason = "the Canary is being removed", Hold = null }
            : null;
        // What the workload's home was given serves everything already: it stays.
        var stays = status is { Phase: Phase.Promoting, Run: { HandoverAt: not null } handed } ? handed.Canary : status.Stable;
        var leaving = status.Leaving;
        foreach (var revision in new[] { status.Stable, open?.Canary, status.Previous }.OfType<Revision>().Where(revision => runsPods && revision != stays))
            leaving = LeavingArms.With(leaving, revision);
        var releasing = (status with { Run = open ?? status.Run, Stable = stays, Previous = null, Leaving = leaving }).Enter(Phase.Releasing, now) with
        {
            WaitingFor = new WaitingFor($"every proxy to acknowledge the route to {stays.Name}", now, until, "it is removed if no proxy is connected, or else goes on"),
        };
        return new Decision
        {
            Status = releasing,
            Events = [new RolloutEvent(EventKinds.Releasing, $"The Canary is being removed: all traffic goes to {stays.Name}.", open?.Id)],
            EndedRuns = open is null ? [] : [open],
            WakeAt = until,
        };
    }

    /// <summary>Moves until nothing moves.</summary>
    private static RolloutStatus Settle(Turn turn, RolloutStatus status)
    {
        for (var move = 0; move < MostMoves; move++)
        {
            turn.ForgetWakes();
            var next = SafetyRules.OnFail(turn, SafetyRules.OnTakeover(turn, status));
            next = SafetyRules.OnTarget(turn, next);
            next = LeavingMoves.Advance(turn, Phases[next.Phase].Decide(turn, next));
            if (next == status)
                return status;
            status = next;
        }

        throw new InvalidOperationException($"The phases do not settle: still moving after {MostMoves} moves, in {status.Phase}.");
    }

    private static Decision Conclude(Turn turn, RolloutStatus status) => new()
    {
        Status = status,
        Events = [.. turn.Events],
        EndedRuns = [.. turn.Ended],
        WakeAt = turn.WakeAt,
    };
}
