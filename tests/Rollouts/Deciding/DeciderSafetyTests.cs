using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Tests.Deciding;

public sealed class DeciderSafetyTests
{
    [Fact]
    public void Fail_WhileProgressing_TakesAllWeightInTheSameDecision()
    {
        var world = World.InFlight();
        world.Verdict = VerdictKind.Fail;
        var decision = world.Decide();
        Assert.Equal((Phase.RollingBack, 0), (decision.Status.Phase, world.Weight));
        Assert.Equal(World.V2, TrafficPlan.For(decision.Status).Canary);
        world.Settle();
        Assert.Equal((Phase.Failed, RunOutcome.RolledBack), (world.Status.Phase, world.Run.Outcome));
        Assert.Null(TrafficPlan.For(world.Status).Canary);
        Assert.Equal("the verdict is Fail", world.Run.Reason);
    }

    [Fact]
    public void Rollback_OnAFail_TellsTheReasonOnce()
    {
        var world = World.InFlight();
        world.Verdict = VerdictKind.Fail;
        var events = world.Decide().Events;
        Assert.Equal([EventKinds.Failed, EventKinds.RollingBack], events.Select(told => told.Kind));
        Assert.Equal("v2 failed at 1%: the verdict is Fail", events[0].Message);
        Assert.Equal("v2 gives way to v1, its weight goes from 1% to 0%.", events[1].Message);
    }

    [Fact]
    public void Rollback_ThatNothingElseExplains_TellsItsReason()
    {
        var world = World.InFlight();
        world.Target = World.V1;
        var told = Assert.Single(world.Decide().Events, told => told.Kind == EventKinds.RollingBack);
        Assert.EndsWith("to 0%: v1 is wanted again.", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fail_DuringWarmup_Acts()
    {
        var world = World.InFlight();
        Assert.True(world.Now < world.Run.WarmupUntil);
        world.Pass(TimeSpan.FromSeconds(1), VerdictKind.Fail);
        Assert.Equal(Phase.Failed, world.Status.Phase);
    }

    [Fact]
    public void Fail_WhilePausedByAPerson_Acts()
    {
        var world = World.InFlight();
        world.Act(ActionKind.Pause);
        world.Pass(TimeSpan.FromSeconds(1), VerdictKind.Fail);
        Assert.Equal(Phase.Failed, world.Status.Phase);
    }

    [Fact]
    public void Fail_WhileApprovalIsWaitedFor_Acts()
    {
        var world = World.InFlight(World.Canary(World.Step(100), World.Approval()));
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        Assert.Equal(HoldKind.Approval, world.Run.Hold?.Kind);
        world.Pass(TimeSpan.FromSeconds(1), VerdictKind.Fail);
        Assert.Equal(Phase.Failed, world.Status.Phase);
    }

    [Fact]
    public void Fail_WhilePromoting_Acts()
    {
        var world = World.InFlight(World.Canary(World.Step(1000)));
        world.ProxiesAcknowledge = false;
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        Assert.Equal((Phase.Promoting, 10_000), (world.Status.Phase, world.Weight));
        world.Pass(TimeSpan.FromSeconds(1), VerdictKind.Fail);
        Assert.Equal((Phase.RollingBack, 0), (world.Status.Phase, world.Weight));
    }

    [Fact]
    public void Fail_OnFailureHold_HoldsForADayThenRollsBack()
    {
        var world = World.InFlight(World.Canary() with { OnFailure = FailureAction.Hold });
        world.Pass(TimeSpan.FromSeconds(1), VerdictKind.Fail);
        Assert.Equal((Phase.Paused, HoldKind.Failure, 100), (world.Status.Phase, world.Run.Hold!.Kind, world.Weight));
        Assert.Equal(world.Now.AddHours(24), world.WakeAt);
        Assert.Contains("held on failure", world.Run.Reason, StringComparison.Ordinal);
        world.Advance(TimeSpan.FromHours(24));
        Assert.Equal((Phase.Failed, RunOutcome.RolledBack), (world.Status.Phase, world.Run.Outcome));
    }

    [Fact]
    public void Promote_AfterAHeldFailure_OverridesIt()
    {
        var world = World.InFlight(World.Canary() with { OnFailure = FailureAction.Hold });
        world.Pass(TimeSpan.FromSeconds(1), VerdictKind.Fail);
        world.Advance(TimeSpan.FromMinutes(1));
        world.Act(ActionKind.Promote);
        Assert.Equal((Phase.Baking, RunOutcome.PromotedByHand), (world.Status.Phase, world.Run.Outcome));
    }

    [Fact]
    public void Promote_InTheMomentOfAFailure_IsRefused()
    {
        var world = World.InFlight(World.Canary() with { OnFailure = FailureAction.Hold });
        world.Verdict = VerdictKind.Fail;
        world.Act(ActionKind.Promote);
        Assert.Equal(HoldKind.Failure, world.Run.Hold?.Kind);
        Assert.Contains(EventKinds.ActionRefused, world.Kinds());
    }

    [Fact]
    public void NoReadyEndpoint_MidRun_DropsTheWeightAndBringsItBack()
    {
        var world = World.InFlight();
        var acknowledged = world.Run.StepAcknowledgedAt;
        world.Ready["v2"] = 0;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((Phase.Progressing, 0), (world.Status.Phase, world.Weight));
        world.Ready["v2"] = 1;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, world.Weight);
        world.Ready["v2"] = 2;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((100, acknowledged), (world.Weight, world.Run.StepAcknowledgedAt));
    }

    [Fact]
    public void Capacity_FlappingForTooLong_RollsBackThoughNoSingleGapIsLong()
    {
        var world = World.InFlight();
        for (var flap = 0; flap < 4; flap++)
        {
            Assert.Equal(Phase.Progressing, world.Status.Phase);
            world.Ready["v2"] = 0;
            world.Advance(TimeSpan.FromSeconds(1));
            world.Advance(TimeSpan.FromMinutes(2.5));
            if (world.Status.Phase == Phase.Failed)
                break;
            world.Ready["v2"] = 2;
            world.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((Phase.Failed, RunOutcome.RolledBack), (world.Status.Phase, world.Run.Outcome));
        Assert.Contains(EventKinds.DeadlineMissed, world.Kinds());
    }

    [Fact]
    public void Capacity_NeverReady_NeverGetsTrafficAndFailsAtTheDeadline()
    {
        var world = World.Adopted();
        world.Ready["v2"] = 1;
        world.Target = World.V2;
        world.Settle();
        Assert.Equal((0, world.Now.AddMinutes(10)), (world.Weight, world.Status.WaitingFor!.Until));
        world.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(Phase.Failed, world.Status.Phase);
        Assert.DoesNotContain(EventKinds.WeightRaised, world.Kinds());
    }

    [Fact]
    public void Readiness_NotLookedAtYetAfterARestart_KeepsTheWeight()
    {
        var world = World.InFlight();
        world.Ready.Remove("v2");
        world.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((Phase.Progressing, 100), (world.Status.Phase, world.Weight));
    }

    [Fact]
    public void Rollback_StableIsDown_KeepsTheWeightUntilItIsBack()
    {
        var world = World.InFlight();
        world.Ready["v1"] = 0;
        world.Pass(TimeSpan.FromSeconds(1), VerdictKind.Fail);
        Assert.Equal((Phase.RollingBack, 100), (world.Status.Phase, world.Weight));
        world.Advance(TimeSpan.FromMinutes(11));
        world.Advance(TimeSpan.FromMinutes(11));
        Assert.Single(world.Kinds(), kind => kind == EventKinds.DeadlineMissed);
        world.Ready["v1"] = 1;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Phase.Failed, world.Status.Phase);
    }

    [Fact]
    public void Promote_WhileARollbackWaitsForADeadStable_IsTheWayOut()
    {
        var world = World.InFlight();
        world.Ready["v1"] = 0;
        world.Pass(TimeSpan.FromSeconds(1), VerdictKind.Fail);
        world.Act(ActionKind.Promote);
        Assert.Equal((Phase.Baking, World.V2), (world.Status.Phase, world.Status.Stable));
    }

    [Fact]
    public void Rollback_NoProxyAnswers_TellsOnceAndGoesOn()
    {
        var world = World.InFlight();
        world.ProxiesAcknowledge = false;
        world.Pass(TimeSpan.FromSeconds(1), VerdictKind.Fail);
        world.Advance(TimeSpan.FromMinutes(10));
        world.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((Phase.RollingBack, true), (world.Status.Phase, world.Status.Overdue));
        Assert.Single(world.Kinds(), kind => kind == EventKinds.DeadlineMissed);
        world.ProxiesAcknowledge = true;
        world.Settle();
        Assert.Equal((Phase.Failed, false), (world.Status.Phase, world.Status.Overdue));
    }

    [Fact]
    public void Promotion_DeadlineMissed_ReturnsToStable()
    {
        var world = World.InFlight(World.Canary(World.Step(1000)));
        world.ProxiesAcknowledge = false;
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        world.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((Phase.RollingBack, 0), (world.Status.Phase, world.Weight));
    }

    [Fact]
    public void BakeRegression_ReturnsToThePreviousRevisionInOneWrite()
    {
        var world = Baking();
        world.BakeRegression = "errorRate 25% is above 5% over 200 requests";
        var decision = world.Decide();
        Assert.Equal((Phase.RollingBack, World.V1, null), (decision.Status.Phase, decision.Status.Stable, decision.Status.Previous));
        Assert.Equal(new TrafficPlan { Stable = World.V1, Canary = World.V2 }, TrafficPlan.For(decision.Status));
        world.Settle();
        Assert.Equal((Phase.Failed, RunOutcome.RolledBack), (world.Status.Phase, world.Run.Outcome));
        Assert.Contains("errorRate 25% is above 5% over 200 requests", world.Run.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Baking_PromotedRevisionIsDown_ReturnsToPrevious()
    {
        var world = Baking();
        world.Ready["v2"] = 0;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((Phase.Failed, World.V1), (world.Status.Phase, world.Status.Stable));
    }

    [Fact]
    public void Rules_OfACanaryWithoutWeight_DoNotApply()
    {
        var world = World.InFlight();
        Assert.True(TrafficPlan.For(world.Status).RulesApply);
        world.Verdict = VerdictKind.Fail;
        Assert.False(TrafficPlan.For(world.Decide().Status).RulesApply);
    }

    private static World Baking()
    {
        var world = World.InFlight(World.Canary(World.Step(1000)));
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        Assert.Equal((Phase.Baking, new BasisPoints(0)), (world.Status.Phase, TrafficPlan.For(world.Status).CanaryWeight));
        return world;
    }
}
