using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Tests.Deciding;

/// <summary>What ends a run without the statistics: a proxy's open circuit, a spent budget.</summary>
public sealed class DeciderAlarmTests
{
    private static readonly CanaryAlarm Circuit = new(EventKinds.CircuitOpened, "12 of its 20 requests failed on proxy edge");
    private const string Spent = "the 1000 requests that it may cost are spent";

    [Fact]
    public void Alarm_InFlight_RollsBackInTheDecisionThatSeesIt()
    {
        var world = World.InFlight();
        world.Alarm = Circuit;
        var decision = world.Decide();
        Assert.Equal((Phase.RollingBack, 0), (decision.Status.Phase, world.Weight));
        Assert.Equal(Circuit.Reason, world.Run.Reason);
        Assert.Equal([EventKinds.CircuitOpened, EventKinds.Failed, EventKinds.RollingBack], decision.Events.Select(told => told.Kind));
        Assert.Contains(Circuit.Reason, decision.Events[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Alarm_BesideAPass_WinsAndIsToldOnce()
    {
        var world = World.InFlight(World.Canary() with { OnFailure = FailureAction.Hold });
        world.Alarm = Circuit;
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        world.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((HoldKind.Failure, 100), (world.Run.Hold!.Kind, world.Weight));
        Assert.Single(world.Kinds(), kind => kind == EventKinds.CircuitOpened);
    }

    [Fact]
    public void Alarm_APersonWentOnKnowingIt_ActsNoMore()
    {
        var world = World.InFlight(World.Canary() with { OnFailure = FailureAction.Hold });
        world.Alarm = Circuit;
        world.Advance(TimeSpan.FromSeconds(1));
        world.Advance(TimeSpan.FromSeconds(1));
        world.Act(ActionKind.Resume);
        Assert.Equal((Phase.Progressing, true), (world.Status.Phase, world.Run.FailureOverridden));
    }

    [Theory]
    [InlineData(InconclusiveAction.Hold, Phase.Paused)]
    [InlineData(InconclusiveAction.Rollback, Phase.Failed)]
    [InlineData(InconclusiveAction.Promote, Phase.Baking)]
    public void SpentBudget_WithoutAVerdict_IsTheEndOfTheAnalysis(InconclusiveAction action, Phase phase)
    {
        var world = World.InFlight(World.Canary() with { Analysis = new AnalysisSpec { OnInconclusive = action } });
        world.SpentBudget = Spent;
        world.Pass(TimeSpan.FromSeconds(10), VerdictKind.NotEnoughData);
        Assert.Equal(phase, world.Status.Phase);
        Assert.Contains(world.Events, told => told.Kind == EventKinds.ExposureSpent && told.Message.Contains(Spent, StringComparison.Ordinal));
        Assert.Equal(action == InconclusiveAction.Promote ? RunOutcome.PromotedByHand : action == InconclusiveAction.Rollback ? RunOutcome.RolledBack : null, world.Run.Outcome);
    }

    [Fact]
    public void SpentBudget_WithAPass_PassesTheStep()
    {
        var world = World.InFlight();
        world.SpentBudget = Spent;
        world.Advance(TimeSpan.FromSeconds(1));
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        Assert.Equal((Phase.Progressing, 1), (world.Status.Phase, world.Run.Step));
    }

    [Fact]
    public void SpentBudget_WithAPassButTooFewRequestsInTheStep_IsTheEndOfTheAnalysis()
    {
        var world = World.InFlight();
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        Assert.Equal(1, world.Run.Step);
        world.StepCanaryRequests = 5;
        world.SpentBudget = Spent;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((Phase.Paused, HoldKind.Inconclusive), (world.Status.Phase, world.Run.Hold!.Kind));
    }

    [Fact]
    public void SpentBudget_APersonWentOnKnowingIt_WaitsForTheStepsEnd()
    {
        var world = World.InFlight();
        world.SpentBudget = Spent;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HoldKind.Inconclusive, world.Run.Hold!.Kind);
        world.Act(ActionKind.Resume);
        Assert.Equal((Phase.Progressing, true), (world.Status.Phase, world.Run.BudgetOverridden));
        world.Pass(TimeSpan.FromMinutes(20), VerdictKind.NotEnoughData);
        Assert.Equal(HoldKind.Inconclusive, world.Run.Hold!.Kind);
    }
}
