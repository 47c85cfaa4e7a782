using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Tests.Deciding;

public sealed class DeciderTargetTests
{
    [Fact]
    public void NewTarget_MidRun_SupersedesAtNoWeight()
    {
        var world = World.InFlight();
        world.Target = World.V3;
        world.Ready["v3"] = 0;
        var decision = world.Decide();
        Assert.Equal(new TrafficPlan { Stable = World.V1, Canary = World.V3 }, TrafficPlan.For(decision.Status));
        Assert.Equal((Phase.Progressing, "r2"), (decision.Status.Phase, world.Run.Id));
        Assert.Equal((RunOutcome.Superseded, World.V2), (decision.EndedRuns.Single().Outcome, decision.EndedRuns.Single().Canary));
    }

    [Fact]
    public void NewTarget_WithAFailOfTheOldRun_DoesNotFailTheNewOne()
    {
        var world = World.InFlight();
        world.Target = World.V3;
        world.Verdict = VerdictKind.Fail;
        world.Decide();
        world.Verdict = null;
        world.Settle();
        Assert.Equal((Phase.Progressing, World.V3, 100), (world.Status.Phase, world.Run.Canary, world.Weight));
    }

    [Fact]
    public void TargetBackToStable_MidRun_ReturnsInOneWriteWithoutAFailure()
    {
        var world = World.InFlight();
        world.Target = World.V1;
        Assert.Equal(0, TrafficPlan.For(world.Decide().Status).CanaryWeight.Value);
        world.Settle();
        Assert.Equal((Phase.Stable, RunOutcome.ReturnedToStable), (world.Status.Phase, world.Run.Outcome));
        world.Target = World.V2;
        world.Settle();
        Assert.Equal((Phase.Progressing, "r2"), (world.Status.Phase, world.Run.Id));
    }

    [Fact]
    public void NewTarget_WhilePromoting_Supersedes()
    {
        var world = World.InFlight(World.Canary(World.Step(1000)));
        world.ProxiesAcknowledge = false;
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        world.Target = World.V3;
        world.Verdict = null;
        world.ProxiesAcknowledge = true;
        world.Settle();
        Assert.Equal((Phase.Progressing, World.V3, World.V1), (world.Status.Phase, world.Run.Canary, world.Status.Stable));
    }

    [Fact]
    public void NewTarget_WhileOnlyTheCanaryServes_WaitsForStable()
    {
        var world = World.InFlight();
        world.Ready["v1"] = 0;
        world.Target = World.V3;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((World.V2, 100), (world.Run.Canary, world.Weight));
        Assert.Contains("(v3 waits while v1 has no ready endpoint)", world.Status.WaitingFor!.What, StringComparison.Ordinal);
        world.Ready["v1"] = 2;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(World.V3, world.Run.Canary);
    }

    [Fact]
    public void NewTarget_WhileBaking_StartsAgainstThePromotedRevision()
    {
        var world = Baking();
        world.Target = World.V3;
        world.Verdict = null;
        world.Settle();
        Assert.Equal((Phase.Progressing, World.V2, World.V2, null), (world.Status.Phase, world.Status.Stable, world.Run.Baseline, world.Status.Previous));
        Assert.Contains(EventKinds.BakeFinished, world.Kinds());
    }

    [Fact]
    public void TargetBackToPrevious_WhileBaking_ReturnsWithoutSteps()
    {
        var world = Baking();
        world.Target = World.V1;
        Assert.Equal(new TrafficPlan { Stable = World.V1, Canary = World.V2 }, TrafficPlan.For(world.Decide().Status));
        world.Settle();
        Assert.Equal((Phase.Stable, World.V1, RunOutcome.ReturnedToStable), (world.Status.Phase, world.Status.Stable, world.Run.Outcome));
    }

    [Fact]
    public void NewTarget_WhileRollingBack_StartsRightAfter()
    {
        var world = World.InFlight();
        world.ProxiesAcknowledge = false;
        world.Pass(TimeSpan.FromSeconds(1), VerdictKind.Fail);
        world.Target = World.V3;
        world.Settle();
        Assert.Equal(Phase.RollingBack, world.Status.Phase);
        (world.ProxiesAcknowledge, world.Verdict) = (true, null);
        world.Settle();
        Assert.Equal((Phase.Progressing, World.V3), (world.Status.Phase, world.Run.Canary));
    }

    [Fact]
    public void Failed_SameTarget_StaysFailedUntilRetry()
    {
        var world = Failed();
        world.Advance(TimeSpan.FromDays(3));
        Assert.Equal((Phase.Failed, "r1"), (world.Status.Phase, world.Run.Id));
        Assert.Null(world.Status.WaitingFor!.Until);
        world.Verdict = null;
        world.Act(ActionKind.Retry);
        Assert.Equal((Phase.Progressing, "r2", World.V2), (world.Status.Phase, world.Run.Id, world.Run.Canary));
    }

    [Fact]
    public void Retry_FailOfTheOldRunStillSeen_DoesNotFailTheNewOne()
    {
        var world = Failed();
        Assert.Equal(VerdictKind.Fail, world.Verdict);
        world.Decide(new RequestedAction(ActionKind.Retry, "ann", ""));
        Assert.Equal((Phase.Progressing, "r2"), (world.Status.Phase, world.Run.Id));
    }

    [Fact]
    public void NewTarget_WhilePromotingAndStableIsDown_IsNextNotPromotedItself()
    {
        var world = World.InFlight(World.Canary(World.Step(1000)));
        world.ProxiesAcknowledge = false;
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        world.Ready["v1"] = 0;
        world.Target = World.V3;
        world.Acknowledge();
        var decision = world.Decide();
        Assert.Equal(World.V2, decision.Status.Stable);
        Assert.Equal((Phase.Progressing, World.V3, World.V2), (decision.Status.Phase, world.Run.Canary, world.Run.Baseline));
    }

    [Fact]
    public void Failed_TargetIsStableAgain_IsStable()
    {
        var world = Failed();
        world.Target = World.V1;
        world.Settle();
        Assert.Equal(Phase.Stable, world.Status.Phase);
    }

    [Fact]
    public void Failed_AnotherTarget_StartsARun()
    {
        var world = Failed();
        world.Target = World.V3;
        world.Verdict = null;
        world.Settle();
        Assert.Equal((Phase.Progressing, World.V3), (world.Status.Phase, world.Run.Canary));
    }

    private static World Failed()
    {
        var world = World.InFlight();
        world.Pass(TimeSpan.FromSeconds(1), VerdictKind.Fail);
        Assert.Equal(Phase.Failed, world.Status.Phase);
        return world;
    }

    private static World Baking()
    {
        var world = World.InFlight(World.Canary(World.Step(1000)));
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        Assert.Equal(Phase.Baking, world.Status.Phase);
        return world;
    }
}
