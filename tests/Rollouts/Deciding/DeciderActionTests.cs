using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Tests.Deciding;

public sealed class DeciderActionTests
{
    [Fact]
    public void Pause_HoldsTheWeightForADayThenAborts()
    {
        var world = World.InFlight();
        world.Act(ActionKind.Pause);
        world.Pass(TimeSpan.FromHours(23), VerdictKind.Pass);
        Assert.Equal((Phase.Paused, 100), (world.Status.Phase, world.Weight));
        Assert.Contains("the run ends", world.Status.WaitingFor!.Then, StringComparison.Ordinal);
        world.Advance(TimeSpan.FromHours(1));
        Assert.Equal((Phase.Failed, RunOutcome.Aborted), (world.Status.Phase, world.Run.Outcome));
    }

    [Fact]
    public void Resume_GoesOn()
    {
        var world = World.InFlight();
        world.Act(ActionKind.Pause);
        world.Advance(TimeSpan.FromHours(1));
        world.Act(ActionKind.Resume);
        Assert.Equal((Phase.Progressing, null), (world.Status.Phase, world.Run.Hold));
        world.Pass(TimeSpan.FromSeconds(30), VerdictKind.Pass);
        Assert.Equal(1, world.Run.Step);
    }

    [Fact]
    public void Abort_MidRun_ReturnsToStableAsAborted()
    {
        var world = World.InFlight();
        world.Settle(new RequestedAction(ActionKind.Abort, "ann", "wrong build"));
        Assert.Equal((Phase.Failed, RunOutcome.Aborted, "aborted by ann: wrong build"), (world.Status.Phase, world.Run.Outcome, world.Run.Reason));
    }

    [Fact]
    public void Abort_WhileBaking_ReturnsToPrevious()
    {
        var world = World.InFlight(World.Canary(World.Step(1000)));
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        world.Act(ActionKind.Abort);
        Assert.Equal((Phase.Failed, World.V1), (world.Status.Phase, world.Status.Stable));
    }

    [Fact]
    public void Promote_MidRun_SkipsTheStepsButNotTheCapacity()
    {
        var world = World.InFlight();
        world.Ready["v2"] = 1;
        world.Act(ActionKind.Promote);
        Assert.Equal((Phase.Promoting, 100), (world.Status.Phase, world.Weight));
        world.Ready["v2"] = 2;
        world.Settle();
        Assert.Equal((Phase.Baking, RunOutcome.PromotedByHand), (world.Status.Phase, world.Run.Outcome));
    }

    [Fact]
    public void Promote_TogetherWithANewTarget_PromotesNothingUnseen()
    {
        var world = World.InFlight();
        world.Target = World.V3;
        world.Act(ActionKind.Promote);
        Assert.Equal((Phase.Progressing, World.V3, World.V1), (world.Status.Phase, world.Run.Canary, world.Status.Stable));
    }

    [Theory]
    [InlineData(ActionKind.Pause)]
    [InlineData(ActionKind.Resume)]
    [InlineData(ActionKind.Approve)]
    [InlineData(ActionKind.Reject)]
    [InlineData(ActionKind.Abort)]
    [InlineData(ActionKind.Retry)]
    [InlineData(ActionKind.Promote)]
    [InlineData(ActionKind.Skip)]
    [InlineData(ActionKind.Jump)]
    [InlineData(ActionKind.Restart)]
    public void Action_WithoutARun_IsRefusedWithAReason(ActionKind kind)
    {
        var world = World.Adopted();
        var before = world.Status;
        Assert.NotNull(ActionRules.Refusal(world.Spec, before, kind));
        world.Act(kind);
        Assert.Equal(before, world.Status);
        Assert.Equal(EventKinds.ActionRefused, Assert.Single(world.Events).Kind);
    }

    [Theory]
    [InlineData(ActionKind.Pause, true)]
    [InlineData(ActionKind.Resume, false)]
    [InlineData(ActionKind.Approve, false)]
    [InlineData(ActionKind.Abort, true)]
    [InlineData(ActionKind.Retry, false)]
    [InlineData(ActionKind.Promote, true)]
    public void Refusal_MidRun_AllowsWhatMakesSense(ActionKind kind, bool allowed) =>
        Assert.Equal(allowed, ActionRules.Refusal(World.Canary(), World.InFlight().Status, kind) is null);

    [Fact]
    public void Skip_MidStep_BeginsTheNextWithoutAPass()
    {
        var world = World.InFlight();
        world.Settle(new RequestedAction(ActionKind.Skip, "ann", "it is only a typo"));
        Assert.Equal((1, 1000, false), (world.Run.Step, world.Weight, world.Run.Passed));
        var told = Assert.Single(world.Events, told => told.Kind == EventKinds.StepSkipped);
        Assert.Equal("Step 1 ends at 1%: skipped by ann: it is only a typo", told.Message);
    }

    [Fact]
    public void Skip_InTheLastStep_IsRefusedForPromote()
    {
        var world = World.InFlight(World.Canary(World.Step(1000)));
        world.Act(ActionKind.Skip);
        Assert.Equal((Phase.Progressing, 0), (world.Status.Phase, world.Run.Step));
        Assert.Contains("promote", Assert.Single(world.Events, told => told.Kind == EventKinds.ActionRefused).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ActionKind.Skip)]
    [InlineData(ActionKind.Jump)]
    public void Walking_AfterAFailureOnHold_IsRefused(ActionKind kind)
    {
        var world = World.InFlight(World.Canary() with { OnFailure = FailureAction.Hold });
        world.Pass(TimeSpan.FromSeconds(10), VerdictKind.Fail);
        world.Settle(new RequestedAction(kind, "ann", "") { Step = 2 });
        Assert.Equal((Phase.Paused, HoldKind.Failure), (world.Status.Phase, world.Run.Hold?.Kind));
    }

    [Fact]
    public void Jump_Back_LowersTheWeightAtOnceAndGathersEvidenceAnew()
    {
        var world = World.InFlight(World.Canary(World.Step(100), World.Step(1000), World.Step(5000)));
        world.Settle(new RequestedAction(ActionKind.Skip, "ann", ""));
        world.Settle(new RequestedAction(ActionKind.Skip, "ann", ""));
        Assert.Equal(5000, world.Weight);
        world.Settle(new RequestedAction(ActionKind.Jump, "ann", "too many complaints") { Step = 1 });
        Assert.Equal((0, 100, Phase.Progressing), (world.Run.Step, world.Weight, world.Status.Phase));
        world.Pass(TimeSpan.FromSeconds(65), VerdictKind.Pass);
        Assert.Equal((1, 1000), (world.Run.Step, world.Weight));
    }

    [Fact]
    public void Jump_Back_WithStableDown_IsRefused()
    {
        var world = World.InFlight(World.Canary(World.Step(100), World.Step(1000)));
        world.Settle(new RequestedAction(ActionKind.Skip, "ann", ""));
        world.Ready["v1"] = 0;
        world.Settle(new RequestedAction(ActionKind.Jump, "ann", "") { Step = 1 });
        Assert.Equal(1000, world.Weight);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(3)]
    public void Jump_ToNoStepOrPastAnApproval_IsRefused(int? step)
    {
        var world = World.InFlight(World.Canary(World.Step(100), World.Approval(), World.Step(1000)));
        world.Settle(new RequestedAction(ActionKind.Jump, "ann", "") { Step = step });
        Assert.Equal((0, 100), (world.Run.Step, world.Weight));
        Assert.Contains(world.Events, told => told.Kind == EventKinds.ActionRefused);
    }

    [Fact]
    public void Jump_ToAnApproval_AsksForIt()
    {
        var world = World.InFlight(World.Canary(World.Step(100), World.Step(200), World.Approval(), World.Step(1000)));
        world.Settle(new RequestedAction(ActionKind.Jump, "ann", "") { Step = 3 });
        Assert.Equal((Phase.Paused, HoldKind.Approval, 100), (world.Status.Phase, world.Run.Hold?.Kind, world.Weight));
    }

    [Fact]
    public void Restart_MidRun_IsANewRunFromTheFirstStep()
    {
        var world = World.InFlight();
        world.Settle(new RequestedAction(ActionKind.Skip, "ann", ""));
        world.Settle(new RequestedAction(ActionKind.Restart, "ann", "the load test was on"));
        Assert.Equal(("r2", World.V2, 0, 100), (world.Run.Id, world.Run.Canary, world.Run.Step, world.Weight));
        Assert.Equal((RunOutcome.Superseded, "begun again by ann: the load test was on"), (Assert.Single(world.Ended).Outcome, world.Ended[0].Reason));
    }

    [Fact]
    public void Release_MidRun_GivesAllTrafficToStableAndEndsWhenAcknowledged()
    {
        var world = World.InFlight();
        var release = Decider.Release(world.Status, runsPods: false, world.Now);
        world.Take(release);
        Assert.Equal(new TrafficPlan { Stable = World.V1 }, TrafficPlan.For(world.Status));
        Assert.Equal(RunOutcome.Aborted, Assert.Single(release.EndedRuns).Outcome);
        world.Decide();
        Assert.False(world.Status.Released);
        world.Settle();
        Assert.True(world.Status.Released);
        Assert.Single(world.Kinds(), kind => kind == EventKinds.Released);
        Assert.Empty(Decider.Release(world.Status, runsPods: false, world.Now).Events);
    }

    [Fact]
    public void Release_WithoutProxies_EndsAtItsDeadline()
    {
        var world = World.InFlight();
        world.Proxies = 0;
        world.Take(Decider.Release(world.Status, runsPods: false, world.Now));
        world.Advance(TimeSpan.FromMinutes(9));
        Assert.False(world.Status.Released);
        world.Advance(TimeSpan.FromMinutes(1));
        Assert.True(world.Status.Released);
    }
}
