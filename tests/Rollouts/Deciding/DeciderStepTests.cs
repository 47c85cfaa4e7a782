using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Tests.Deciding;

public sealed class DeciderStepTests
{
    [Fact]
    public void Adopting_WaitsForProxiesAndAReadyEndpoint()
    {
        var world = new World { Proxies = 0 };
        world.Settle();
        Assert.Equal(Phase.Adopting, world.Status.Phase);
        Assert.Contains("a proxy to connect", world.Status.WaitingFor!.What, StringComparison.Ordinal);
        world.Proxies = 1;
        world.Ready["v1"] = 0;
        world.Settle();
        Assert.Contains("a ready endpoint", world.Status.WaitingFor!.What, StringComparison.Ordinal);
        world.Ready["v1"] = 1;
        world.Settle();
        Assert.Equal(Phase.Stable, world.Status.Phase);
    }

    [Fact]
    public void Adopting_DeadStable_LetsTheFixInAfterTheDeadline()
    {
        var world = new World { Target = World.V2 };
        world.Ready["v1"] = 0;
        world.Settle();
        Assert.Equal(Phase.Adopting, world.Status.Phase);
        world.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((Phase.Progressing, 100), (world.Status.Phase, world.Weight));
    }

    [Fact]
    public void Step_NotAcknowledged_NeverCompletes()
    {
        var world = World.Adopted();
        world.Target = World.V2;
        world.ProxiesAcknowledge = false;
        world.Pass(TimeSpan.FromMinutes(5), VerdictKind.Pass);
        world.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal((0, null), (world.Run.Step, world.Run.StepAcknowledgedAt));
        Assert.Null(world.Run.WarmupUntil);
    }

    [Theory]
    [InlineData(VerdictKind.NotEnoughData, null, 1000, 120)]
    [InlineData(VerdictKind.Inconclusive, null, 1000, 120)]
    [InlineData(VerdictKind.Pass, "no report for 30s", 1000, 120)]
    [InlineData(VerdictKind.Pass, null, 99, 120)]
    [InlineData(VerdictKind.Pass, null, 1000, 59)]
    [InlineData(null, null, 1000, 120)]
    public void Step_SomethingMissing_Holds(VerdictKind? verdict, string? problem, long requests, int seconds)
    {
        var world = World.InFlight();
        (world.MetricsProblem, world.StepCanaryRequests) = (problem, requests);
        world.Pass(TimeSpan.FromSeconds(seconds), verdict);
        Assert.Equal((Phase.Progressing, 0, 100), (world.Status.Phase, world.Run.Step, world.Weight));
        Assert.True(world.Status.WaitingFor!.Until > world.Now);
        Assert.True(world.WakeAt <= world.Status.WaitingFor.Until);
    }

    [Fact]
    public void Step_StaleMinimumDuration_IsCountedFromTheAcknowledgement()
    {
        var world = World.InFlight();
        world.Pass(TimeSpan.FromSeconds(60), VerdictKind.Pass);
        Assert.Equal(1, world.Run.Step);
        world.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, world.Run.Step);
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Phase.Baking, world.Status.Phase);
    }

    [Fact]
    public void Inconclusive_Hold_WaitsForAPersonOrAPass()
    {
        var world = World.InFlight();
        world.Pass(TimeSpan.FromMinutes(20), VerdictKind.NotEnoughData);
        Assert.Equal((Phase.Paused, HoldKind.Inconclusive), (world.Status.Phase, world.Run.Hold!.Kind));
        Assert.Equal(world.Now.AddHours(24), world.Status.WaitingFor!.Until);
        world.Pass(TimeSpan.FromHours(3), VerdictKind.Pass);
        Assert.Equal((Phase.Progressing, 1), (world.Status.Phase, world.Run.Step));
    }

    [Fact]
    public void Inconclusive_BecauseOfOneEndpoint_NamesItAndLeavesThePolicyToDecide()
    {
        var world = World.InFlight();
        world.Suspect = "10.0.0.3:8080";
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Inconclusive);
        Assert.Equal((Phase.Progressing, 0, 100), (world.Status.Phase, world.Run.Step, world.Weight));
        Assert.Contains("10.0.0.3:8080", world.Status.WaitingFor!.What, StringComparison.Ordinal);
        world.Pass(TimeSpan.FromMinutes(18), VerdictKind.Inconclusive);
        Assert.Equal((Phase.Paused, HoldKind.Inconclusive), (world.Status.Phase, world.Run.Hold!.Kind));
    }

    [Fact]
    public void Inconclusive_HoldForADay_RollsBack()
    {
        var world = World.InFlight();
        world.Pass(TimeSpan.FromMinutes(20), VerdictKind.NotEnoughData);
        world.Advance(TimeSpan.FromHours(24));
        Assert.Equal((Phase.Failed, RunOutcome.RolledBack), (world.Status.Phase, world.Run.Outcome));
    }

    [Fact]
    public void Inconclusive_Resume_GivesTheStepItsTimeAgain()
    {
        var world = World.InFlight();
        world.Pass(TimeSpan.FromMinutes(20), VerdictKind.NotEnoughData);
        world.Act(ActionKind.Resume);
        Assert.Equal((Phase.Progressing, world.Now.AddMinutes(20)), (world.Status.Phase, world.Status.WaitingFor!.Until));
    }

    [Fact]
    public void Inconclusive_Promote_IsNeverPromotedOnEvidence()
    {
        var world = World.InFlight(World.Canary(World.Step(100)) with { Analysis = new AnalysisSpec { OnInconclusive = InconclusiveAction.Promote } });
        world.Pass(TimeSpan.FromMinutes(20), null);
        Assert.Equal((Phase.Baking, RunOutcome.PromotedByHand), (world.Status.Phase, world.Run.Outcome));
        Assert.Contains(EventKinds.StepTimedOut, world.Kinds());
    }

    [Fact]
    public void Inconclusive_PromoteWithoutCapacity_WaitsForCapacity()
    {
        var world = World.InFlight(World.Canary() with { Analysis = new AnalysisSpec { OnInconclusive = InconclusiveAction.Promote } });
        world.Advance(TimeSpan.FromMinutes(15));
        world.Ready["v2"] = 0;
        world.Advance(TimeSpan.FromSeconds(1));
        world.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal((Phase.Progressing, 0, 0), (world.Status.Phase, world.Run.Step, world.Weight));
        world.Ready["v2"] = 2;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1000), (world.Run.Step, world.Weight));
    }

    [Fact]
    public void WaitingFor_DetailsChange_KeepsItsBeginning()
    {
        var world = World.Adopted();
        world.Ready["v2"] = 0;
        world.Target = World.V2;
        world.Settle();
        var began = world.Now;
        world.Ready["v2"] = 1;
        world.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(began, world.Status.WaitingFor!.Since);
        Assert.Contains("(1 ready)", world.Status.WaitingFor.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Inconclusive_Rollback_RollsBack()
    {
        var world = World.InFlight(World.Canary() with { Analysis = new AnalysisSpec { OnInconclusive = InconclusiveAction.Rollback } });
        world.Pass(TimeSpan.FromMinutes(20), VerdictKind.NotEnoughData);
        Assert.Equal((Phase.Failed, RunOutcome.RolledBack), (world.Status.Phase, world.Run.Outcome));
    }

    [Fact]
    public void InvalidSplit_HoldsRecoversAndIsNotForgiven()
    {
        var world = World.InFlight();
        world.Pass(TimeSpan.FromMinutes(1), VerdictKind.Invalid);
        Assert.Equal((Phase.Paused, HoldKind.InvalidSplit, 100), (world.Status.Phase, world.Run.Hold!.Kind, world.Weight));
        var until = world.Run.Hold.Until;
        Assert.Equal(world.Now.AddMinutes(10), until);
        world.Advance(TimeSpan.FromMinutes(4));
        world.Pass(TimeSpan.Zero, VerdictKind.NotEnoughData);
        Assert.Equal(Phase.Progressing, world.Status.Phase);
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Invalid);
        Assert.Equal(world.Now.AddMinutes(6), world.Run.Hold!.Until);
        world.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(Phase.Failed, world.Status.Phase);
    }

    [Fact]
    public void Approval_Given_GoesOnAndCountsAsEvidence()
    {
        var world = World.InFlight(World.Canary(World.Step(100), World.Approval()));
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        Assert.Equal((Phase.Paused, 100, world.Now.AddHours(2)), (world.Status.Phase, world.Weight, world.Status.WaitingFor!.Until));
        world.Act(ActionKind.Approve);
        Assert.Equal((Phase.Baking, RunOutcome.Promoted), (world.Status.Phase, world.Run.Outcome));
    }

    [Fact]
    public void Approval_Rejected_Aborts()
    {
        var world = World.InFlight(World.Canary(World.Step(100), World.Approval()));
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        world.Act(ActionKind.Reject);
        Assert.Equal((Phase.Failed, RunOutcome.Aborted), (world.Status.Phase, world.Run.Outcome));
    }

    [Theory]
    [InlineData(TimeoutAction.Abort, Phase.Failed)]
    [InlineData(TimeoutAction.Promote, Phase.Baking)]
    public void Approval_TimedOut_DoesWhatTheSpecSays(TimeoutAction action, Phase phase)
    {
        var world = World.InFlight(World.Canary(World.Step(100), World.Approval(action)));
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        world.Advance(TimeSpan.FromHours(2));
        Assert.Equal(phase, world.Status.Phase);
    }

    [Fact]
    public void Steps_EditedMidRun_BeginAgainAtNoWeight()
    {
        var world = World.InFlight();
        world.Pass(TimeSpan.FromMinutes(1), VerdictKind.Pass);
        Assert.Equal((1, 1000), (world.Run.Step, world.Weight));
        world.Spec = World.Canary(World.Step(500));
        world.Verdict = null;
        world.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("r2", 0, 500), (world.Run.Id, world.Run.Step, world.Weight));
        Assert.Equal((RunOutcome.Superseded, "r1"), (world.Ended.Single().Outcome, world.Ended.Single().Id));
    }

    [Fact]
    public void BakeTime_None_GoesStraightToStable()
    {
        var world = World.InFlight(World.Canary(World.Step(100)) with { BakeTime = TimeSpan.Zero });
        world.Pass(TimeSpan.FromMinutes(2), VerdictKind.Pass);
        Assert.Equal((Phase.Stable, World.V2, null), (world.Status.Phase, world.Status.Stable, world.Status.Previous));
    }
}
