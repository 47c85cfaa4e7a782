using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Tests.Deciding.Model;

/// <summary>The rules that hold after every decision; their numbers are those of docs/architecture.md.</summary>
internal sealed class Rules(CanarySpec spec)
{
    private readonly HashSet<string> _passed = [];
    private readonly HashSet<string> _ended = [];

    public void Check(RolloutStatus before, Observation seen, Decision decision, DateTimeOffset now)
    {
        Capacity(before, seen, decision.Status);
        PodsStayUnderTraffic(before, seen, decision.Status, now);
        ArmsStayLargeUnderTraffic(before, seen, decision.Status, now);
        HomeIsWhatServes(seen, decision.Status);
        OnlyTheAnalysedIsPromoted(before, seen, decision.Status);
        StepsNeedAcknowledgementAndPass(before, seen, decision);
        PromotedNeedsPass(decision);
        RollbacksNeedAcknowledgement(seen, decision);
        EvidenceIsOfItsRun(before, decision);
        FailActsAtOnce(before, seen, decision.Status);
        SpentBudgetIsNoPass(before, seen, decision);
        RepeatingChangesNothing(before, seen, decision, now);
        WaitsHaveDeadlines(decision, now);
        FailedStaysFailed(before, seen, decision.Status);
        Assert.All(decision.Events, told => Assert.Contains(told.Kind, EventKinds.All));
    }

    /// <summary>How often each kind of event was told.</summary>
    public Dictionary<string, int> Told { get; } = [];

    /// <summary>For decisions that were written: what was seen in them, and that every run ends once.</summary>
    public void Keep(Decision decision)
    {
        foreach (var run in decision.EndedRuns)
        {
            Assert.True(_ended.Add(run.Id), $"{run.Id} ended twice");
            Assert.NotNull(run.Outcome);
            Assert.NotNull(run.EndedAt);
        }

        foreach (var told in decision.Events.Where(told => told.Kind == EventKinds.StepPassed))
            _passed.Add(told.RunId!);
        foreach (var told in decision.Events)
            Told[told.Kind] = Told.GetValueOrDefault(told.Kind) + 1;
        var status = decision.Status;
        for (var run = 1L; run < status.Runs; run++)
            Assert.Contains($"r{run}", _ended);
    }

    /// <summary>Rule 1.</summary>
    private static void Capacity(RolloutStatus before, Observation seen, RolloutStatus after)
    {
        var (old, plan) = (TrafficPlan.For(before), TrafficPlan.For(after));
        var ready = seen.ReadyEndpoints;
        if (plan.Canary is { } canary && after.Phase != Phase.RollingBack && Share(plan, canary) > Share(old, canary))
            Assert.True(ready.GetValueOrDefault(canary.Name, -1) >= Needed(seen, canary, plan.CanaryWeight), $"{plan.CanaryWeight} on {ready.GetValueOrDefault(canary.Name, -1)} of {canary.Name}");
        Revision[] involved = [.. new[] { old.Stable, old.Canary, plan.Stable, plan.Canary }.OfType<Revision>().Distinct()];
        var givers = involved.Where(one => Share(plan, one) < Share(old, one) && ready.GetValueOrDefault(one.Name) > 0).ToArray();
        var takers = involved.Where(one => Share(plan, one) > Share(old, one) && ready.GetValueOrDefault(one.Name, -1) == 0).ToArray();
        Assert.True(givers.Length == 0 || takers.Length == 0, $"traffic moves from the ready {givers.FirstOrDefault()?.Name} to {takers.FirstOrDefault()?.Name}, which is down");
    }

    /// <summary>Rule 2.</summary>
    private static void OnlyTheAnalysedIsPromoted(RolloutStatus before, Observation seen, RolloutStatus after)
    {
        if (after.Stable == before.Stable || after.Stable == before.Previous)
            return;
        Assert.Equal(before.Run?.Canary, after.Stable);
        Assert.Equal(new TrafficPlan { Stable = before.Stable, Canary = after.Stable, CanaryWeight = new(10_000) }, seen.Traffic.Acknowledged);
        if (seen.Workload is { } workload)
            Assert.Equal(after.Stable, workload.Home);
        else
            Assert.Equal(after.Stable.Addresses.Length, seen.ReadyEndpoints.GetValueOrDefault(after.Stable.Name));
    }

    // Where a person rolls it out, it gets what its pods serve: the others are being taken down meanwhile.
    private static int Needed(Observation seen, Revision revision, BasisPoints weight) => seen.Workload switch
    {
        null => revision.Addresses.Length,
        { TakenOver: { } taken } when taken == revision => (int)((long)weight.Value * seen.Workload.Whole / 10_000),
        _ => ArmSize.For(weight, seen.Workload.Whole),
    };

    /// <summary>Rule 1: an arm that goes has no traffic, every proxy said so, and what it still served had its time.</summary>
    private void PodsStayUnderTraffic(RolloutStatus before, Observation seen, RolloutStatus after, DateTimeOffset now)
    {
        if (seen.Workload is null)
            return;
        var kept = All(WorkloadPlan.For(after)).ToList();
        var plan = TrafficPlan.For(after);
        Assert.All(new[] { plan.Stable, plan.Canary }.OfType<Revision>(), serving => Assert.Contains(serving, kept));
        foreach (var gone in All(WorkloadPlan.For(before)).Except(kept))
        {
            var left = before.Leaving?.All.FirstOrDefault(arm => arm.Revision == gone);
            Assert.True(left?.Until <= now, $"{gone.Name} goes in {before.Phase} to {after.Phase} without having left");
        }

        foreach (var arm in after.Leaving?.All.Where(arm => arm.Until is not null && before.Leaving?.All.Contains(arm) != true) ?? [])
        {
            Assert.Equal(now + spec.Workload.Drain, arm.Until);
            Assert.NotEqual(arm.Revision, seen.Traffic.Acknowledged?.Stable);
            // One that is to have traffic again is small enough for every proxy.
            Assert.True(arm.Revision == plan.Canary || arm.Revision != seen.Traffic.Acknowledged?.Canary);
        }
    }

    /// <summary>Rule 1: an arm becomes smaller for a share that every proxy has, and when what it served before had its time.</summary>
    private static void ArmsStayLargeUnderTraffic(RolloutStatus before, Observation seen, RolloutStatus after, DateTimeOffset now)
    {
        if (seen.Workload is null)
            return;
        var old = WorkloadPlan.For(before);
        foreach (var arm in WorkloadPlan.For(after).Arms.Where(arm => arm is { Share: not null, Keeps: false }))
        {
            var was = arm.Revision == old.Home ? BasisPoints.Whole : old.Arms.FirstOrDefault(one => one.Revision == arm.Revision) is not { } there ? 0 : there.Keeps ? null : there.Share?.Value;
            var had = before.Leaving?.All.FirstOrDefault(one => one.Revision == arm.Revision)?.Until <= now;
            Assert.True(arm.Share!.Value.Value >= was || had || arm.Share.Value.Value == BasisPoints.Whole, $"{arm.Revision.Name} shrinks to {arm.Share} in {before.Phase} to {after.Phase}, and had {was}");
        }
    }

    /// <summary>What stays when MeshCanary goes is what serves, whenever no run is in flight.</summary>
    private static void HomeIsWhatServes(Observation seen, RolloutStatus after)
    {
        if (seen.Workload is not null && after.Phase is not (Phase.Progressing or Phase.Paused or Phase.Promoting or Phase.RollingBack))
            Assert.Equal(TrafficPlan.For(after).Stable, WorkloadPlan.For(after).Home);
    }

    private static IEnumerable<Revision> All(WorkloadPlan plan) => plan.Arms.Select(arm => arm.Revision).Prepend(plan.Home);

    /// <summary>Rules 3 and 4.</summary>
    private void StepsNeedAcknowledgementAndPass(RolloutStatus before, Observation seen, Decision decision)
    {
        if (spec.Analysis.OnInconclusive == InconclusiveAction.Promote && decision.Events.Any(told => told.Kind == EventKinds.StepTimedOut))
            Assert.Equal(spec.Strategy.Steps[before.Run!.Step].Weight, seen.Traffic.Acknowledged?.CanaryWeight);
        foreach (var told in decision.Events.Where(told => told.Kind == EventKinds.StepPassed))
        {
            var run = before.Run;
            Assert.Equal(run?.Id, told.RunId);
            Assert.Equal(spec.Strategy.Steps[run!.Step].Weight, seen.Traffic.Acknowledged?.CanaryWeight);
            Assert.Equal(run.Canary, seen.Traffic.Acknowledged?.Canary);
            Assert.Equal(VerdictKind.Pass, seen.Verdict?.Kind);
            Assert.Null(seen.MetricsProblem);
            Assert.True(seen.StepCanaryRequests >= spec.Analysis.Settings.MinimumCanaryRequests);
        }
    }

    /// <summary>Rule 4.</summary>
    private void PromotedNeedsPass(Decision decision)
    {
        var promoted = decision.EndedRuns.Append(decision.Status.Run).FirstOrDefault(run => run?.Outcome == RunOutcome.Promoted);
        var now = decision.Events.Any(told => told.Kind == EventKinds.StepPassed && told.RunId == promoted?.Id);
        Assert.True(promoted is null || now || _passed.Contains(promoted.Id), $"{promoted?.Id} was promoted on evidence that nobody saw");
    }

    /// <summary>Rule 3, on the way back.</summary>
    private static void RollbacksNeedAcknowledgement(Observation seen, Decision decision)
    {
        foreach (var run in decision.EndedRuns.Where(run => run.Outcome is RunOutcome.RolledBack or RunOutcome.Aborted or RunOutcome.ReturnedToStable))
        {
            var acknowledged = seen.Traffic.Acknowledged;
            Assert.Equal(new TrafficPlan { Stable = acknowledged!.Stable, Canary = run.Canary }, acknowledged);
            Assert.Equal(decision.Status.Stable, acknowledged.Stable);
        }
    }

    /// <summary>What was seen of one run never acts on another.</summary>
    private static void EvidenceIsOfItsRun(RolloutStatus before, Decision decision) =>
        Assert.All(
            decision.Events.Where(told => told.Kind is EventKinds.Failed or EventKinds.StepPassed or EventKinds.Promoted),
            told => Assert.Equal(before.Run?.Id, told.RunId));

    /// <summary>Rule 5.</summary>
    private static void FailActsAtOnce(RolloutStatus before, Observation seen, RolloutStatus after)
    {
        var inFlight = before.Phase is Phase.Progressing or Phase.Paused or Phase.Promoting;
        if (!inFlight || (seen.Verdict is not { Kind: VerdictKind.Fail } && seen.Alarm is null) || after.Run!.Id != before.Run!.Id || after.Run.FailureOverridden)
            return;
        Assert.True(after.Phase is Phase.RollingBack or Phase.Failed or Phase.Stable || after.Run.Hold is { Kind: HoldKind.Failure }, $"{after.Phase} after a Fail or an alarm");
        Assert.True(after.Run.Weight.Value <= before.Run.Weight.Value);
    }

    /// <summary>Rule 4: a budget that is spent ends the analysis by policy, and is no Pass.</summary>
    private void SpentBudgetIsNoPass(RolloutStatus before, Observation seen, Decision decision)
    {
        if (seen.SpentBudget is null || !decision.Events.Any(told => told.Kind == EventKinds.ExposureSpent && told.Message.Contains(seen.SpentBudget, StringComparison.Ordinal)))
            return;
        var run = decision.EndedRuns.Append(decision.Status.Run).First(run => run?.Id == before.Run?.Id)!;
        Assert.False(run.Passed && run.Step > before.Run!.Step && !decision.Events.Any(told => told.Kind == EventKinds.StepPassed));
        if (spec.Analysis.OnInconclusive == InconclusiveAction.Hold)
            Assert.Equal(HoldKind.Inconclusive, decision.Status.Run?.Hold?.Kind);
    }

    /// <summary>Rule 7.</summary>
    private void RepeatingChangesNothing(RolloutStatus before, Observation seen, Decision decision, DateTimeOffset now)
    {
        var sameRun = decision.Status.Run?.Id == before.Run?.Id;
        var again = Decider.Decide(spec, decision.Status, seen with { Actions = [], Verdict = sameRun ? seen.Verdict : null, BakeRegression = sameRun ? seen.BakeRegression : null, Alarm = sameRun ? seen.Alarm : null, SpentBudget = sameRun ? seen.SpentBudget : null }, now);
        Assert.Empty(again.Events);
        Assert.Empty(again.EndedRuns);
        Assert.Equal(decision.Status, again.Status);
        Assert.Equal(decision.WakeAt, again.WakeAt);
    }

    /// <summary>Rule 8.</summary>
    private static void WaitsHaveDeadlines(Decision decision, DateTimeOffset now)
    {
        Assert.NotNull(decision.Status.WaitingFor);
        var until = decision.Status.WaitingFor.Until;
        Assert.Equal(decision.Status.Phase is Phase.Stable or Phase.Failed, until is null);
        Assert.True(until is null || until <= now || decision.WakeAt <= until, "nobody wakes at the deadline");
        Assert.True(until is null || until > now || decision.Status.Overdue, "a deadline passed without its action");
        Assert.True(decision.WakeAt is null || decision.WakeAt > now);
    }

    /// <summary>Rule 9.</summary>
    private static void FailedStaysFailed(RolloutStatus before, Observation seen, RolloutStatus after)
    {
        if (before.Phase == Phase.Failed && seen.Workload?.TakenOver != seen.Target && seen.Target == before.Run!.Canary && seen.Actions.All(action => action.Kind != ActionKind.Retry))
            Assert.Equal((Phase.Failed, before.Run.Id), (after.Phase, after.Run?.Id));
    }

    private static int Share(TrafficPlan plan, Revision revision) =>
        (plan.Canary == revision ? plan.CanaryWeight.Value : 0) + (plan.Stable == revision ? 10_000 - plan.CanaryWeight.Value : 0);
}
