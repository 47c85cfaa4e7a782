using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding;
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
    public void Action_WithoutARun_IsRefusedWithAReason(ActionKind kind)
    {
        var world = World.Adopted();
        var before = world.Status;
        Assert.NotNull(ActionRules.Refusal(before, kind));
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
        Assert.Equal(allowed, ActionRules.Refusal(World.InFlight().Status, kind) is null);

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
