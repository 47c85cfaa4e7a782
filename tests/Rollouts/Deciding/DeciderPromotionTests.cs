using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Tests.Deciding;

public sealed class DeciderPromotionTests
{
    [Fact]
    public void Run_GoodCanary_WalksEveryStepAndBakes()
    {
        var world = World.Adopted();
        world.Target = World.V2;
        world.Settle();
        Assert.Equal((Phase.Progressing, 100), (world.Status.Phase, world.Weight));
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        Assert.Equal((Phase.Progressing, 1000, 1), (world.Status.Phase, world.Weight, world.Run.Step));
        world.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((Phase.Baking, World.V2, World.V1), (world.Status.Phase, world.Status.Stable, world.Status.Previous));
        Assert.Equal(RunOutcome.Promoted, world.Run.Outcome);
        world.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((Phase.Stable, World.V2, null), (world.Status.Phase, world.Status.Stable, world.Status.Previous));
        Assert.Equal(
            [
                EventKinds.RunStarted, EventKinds.StepStarted, EventKinds.WeightRaised, EventKinds.StepAcknowledged,
                EventKinds.StepPassed, EventKinds.StepStarted, EventKinds.WeightRaised, EventKinds.StepAcknowledged,
                EventKinds.StepPassed, EventKinds.Promoting, EventKinds.WeightRaised, EventKinds.Promoted, EventKinds.BakeFinished,
            ],
            world.Kinds());
        Assert.Equal(["r1"], world.Ended.Select(run => run.Id));
    }
}
