using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using MeshCanary.Rollouts.Strategies;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>One call of <see cref="Decider.Decide"/>: what is seen, and what has come of it so far.</summary>
internal sealed class Turn(CanarySpec spec, RolloutStatus before, Observation seen, DateTimeOffset now)
{
    private readonly string? _judgedRun = before.Run?.Id;

    public CanarySpec Spec { get; } = spec;

    public Observation Seen { get; } = seen;

    public DateTimeOffset Now { get; } = now;

    public RolloutPlan Plan { get; } = RolloutStrategies.Get(spec.Strategy.Type).Plan(spec.Strategy);

    public List<RolloutEvent> Events { get; } = [];

    public List<Run> Ended { get; } = [];

    public DateTimeOffset? WakeAt { get; private set; }

    /// <summary>The verdict on a run: what is seen belongs to the run that was in flight when it was seen, and to no later one.</summary>
    public Verdict? VerdictOn(Run run) => IsJudged(run) ? Seen.Verdict : null;

    /// <summary>Why a run ends at once, in words; null while it does not. What raised the alarm is told.</summary>
    public string? FailureOf(Run run)
    {
        if (!IsJudged(run))
            return null;
        if (Seen.Alarm is not { } alarm)
            return Seen.Verdict is { Kind: VerdictKind.Fail } verdict ? verdict.Reason : null;
        Tell(alarm.Kind, $"{run.Canary.Name} at {run.Weight}: {alarm.Reason}.", run);
        return alarm.Reason;
    }

    /// <summary>Why no more evidence on a run can come, unless a person went on knowing it; null while it can.</summary>
    public string? SpentBudgetOf(Run run) => IsJudged(run) && !run.BudgetOverridden ? Seen.SpentBudget : null;

    /// <summary>Whether what is seen was seen of this run.</summary>
    public bool IsJudged(Run run) => run.Id == _judgedRun;

    /// <summary>Whether every proxy, and at least one, acknowledged the plan of this very status.</summary>
    public bool IsAcknowledged(RolloutStatus status) =>
        Seen.Traffic.Proxies >= 1 && Seen.Traffic.Acknowledged == TrafficPlan.For(status);

    /// <summary>Ready endpoints of a revision; null when it was not looked at yet.</summary>
    public int? Ready(Revision revision) => Seen.ReadyEndpoints.TryGetValue(revision.Name, out var ready) ? ready : null;

    /// <summary>Endpoints that a revision needs for a share of the traffic: all of those announced, or as many as carry it.</summary>
    public int Needed(Revision revision, BasisPoints share) =>
        Seen.Workload is { } workload ? ArmSize.For(share, workload.Whole) : revision.Addresses.Length;

    /// <summary>Whether all the endpoints that a share needs are known to be ready.</summary>
    public bool CanServe(Revision revision, BasisPoints share) => Ready(revision) is { } ready && ready > 0 && ready >= Needed(revision, share);

    /// <summary>Whether a revision is known to have no ready endpoint.</summary>
    public bool IsDown(Revision revision) => Ready(revision) == 0;

    /// <summary>Whether the canary serves while stable cannot: then moving its share to stable would lose requests.</summary>
    public bool OnlyCanaryServes(RolloutStatus status) =>
        status.Run is { Weight.Value: > 0 } run && IsDown(status.Stable) && Ready(run.Canary) > 0;

    public void Tell(string kind, string message, Run? run) => Events.Add(new RolloutEvent(kind, message, run?.Id));

    /// <summary>Whether an event of this turn says it already.</summary>
    public bool HasTold(string reason) => Events.Exists(told => told.Message.Contains(reason.TrimEnd('.'), StringComparison.Ordinal));

    public void ForgetWakes() => WakeAt = null;

    public void WakeBy(DateTimeOffset at)
    {
        if (at > Now && (WakeAt is null || at < WakeAt))
            WakeAt = at;
    }

    /// <summary>Says what the status waits for; the same wait, whatever its details in brackets, keeps its beginning.</summary>
    public RolloutStatus Waiting(RolloutStatus status, string what, DateTimeOffset? until, string then)
    {
        if (until is { } at)
            WakeBy(at);
        if (IsDeferred(status))
            what = $"{what} ({Seen.Target.Name} waits while {status.Stable.Name} has no ready endpoint)";
        var since = status.WaitingFor is { } before && Head(before.What) == Head(what) ? before.Since : Now;
        return status with { WaitingFor = new WaitingFor(what, since, until, then) };
    }

    private static string Head(string what) => what.Split(" (", 2)[0];

    /// <summary>Whether a newer revision has to wait, because the canary it replaces is all that serves.</summary>
    private bool IsDeferred(RolloutStatus status) =>
        status.Phase is Phase.Progressing or Phase.Paused or Phase.Promoting && Seen.Target != status.Run!.Canary && OnlyCanaryServes(status);

    /// <summary>How many of those that split the traffic there are, in words.</summary>
    public string Splitters => Spec.Router == CanarySpec.OwnRouter ? Spoken.Of(Seen.Traffic.Proxies, "proxy", "proxies") : Spoken.Of(Seen.Traffic.Proxies, "route", "routes");

    /// <summary>What keeps proxies, or a mesh, from the plan, in plain words.</summary>
    public string ProxiesTo(string acknowledge) => Seen.Traffic switch
    {
        { Problem: { } problem } when Spec.Router != CanarySpec.OwnRouter => $"{Spec.Router} to {acknowledge} ({problem})",
        _ when Spec.Router != CanarySpec.OwnRouter => $"{Spec.Router} to {acknowledge}",
        { Proxies: 0 } => $"a proxy to connect and {acknowledge}",
        { Problem: { } problem } => $"every proxy to {acknowledge} ({problem})",
        _ => $"every proxy to {acknowledge}",
    };
}
