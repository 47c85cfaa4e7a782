using MeshCanary.Cli.Client;
using MeshCanary.Cli.Demonstrating;
using MeshCanary.Cli.Tests.Harness;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cli.Tests.Demonstrating;

public sealed class DemoSummaryTests
{
    private static readonly DemoScenario Good = DemoScenario.All[0];
    private static readonly DemoScenario Bad = DemoScenario.All[1];
    private static readonly CanaryView Promoted = Views.Ended(Phase.Stable, RunOutcome.Promoted, Views.V2);
    private static readonly CanaryView RolledBack = Views.Ended(Phase.Failed, RunOutcome.RolledBack, Views.V1);

    [Fact]
    public void Summary_OfAGoodVersionPromoted_IsAsPromised() => Assert.True(Of(Good, Promoted).IsAsPromised);

    [Fact]
    public void Summary_OfABadVersionRolledBack_IsAsPromised() => Assert.True(Of(Bad, RolledBack).IsAsPromised);

    [Fact]
    public void Summary_OfAGoodVersionRolledBack_IsNot() => Assert.False(Of(Good, RolledBack).IsAsPromised);

    [Fact]
    public void Summary_OfABadVersionPromoted_IsNot() => Assert.False(Of(Bad, Promoted).IsAsPromised);

    [Fact]
    public void Summary_OfAnUnfinishedRun_IsNot() => Assert.False(Of(Good, Views.Progressing).IsAsPromised);

    [Fact]
    public void Summary_WithALostRequest_IsNotAndSaysWhatWasLost()
    {
        var summary = Of(Good, Promoted, lost: 1);
        Assert.False(summary.IsAsPromised);
        Assert.Contains(("Lost", "1 of 1,001 requests (1× connection reset)"), summary.Lines());
    }

    [Fact]
    public void Summary_OfARollback_TellsDecisionEvidenceTimeAndExposure()
    {
        var lines = Of(Bad, RolledBack).Lines().ToDictionary();
        Assert.Equal("v2 was rolled back; all traffic is on v1", lines["Decided"]);
        Assert.Equal("v2 answered 100 requests (10% of all), 5 of them badly; v1 would have failed about 1 of those", lines["Users"]);
        Assert.Contains("1,210 requests of v2 against 6,905 of v1", lines["On"], StringComparison.Ordinal);
        Assert.Equal("12 s from the first canary traffic to the decision", lines["Took"]);
        Assert.Equal("as promised", lines["Result"]);
    }

    [Fact]
    public void Summary_OfAFailureWhilePromoting_TellsFiguresOfTheVerdictThatWasDecidedOn()
    {
        var story = new DemoStory();
        var verdict = Views.Progressing.Verdict! with { Reason = RolledBack.Run!.Reason!, CanaryRequests = 102, StableRequests = 2288 };
        story.Take(new Frame(Views.Progressing with { Phase = Phase.Promoting }, []));
        story.Take(new Frame(RolledBack with { Phase = Phase.RollingBack, PhaseSince = Views.Now }, []));
        story.Take(new Frame(RolledBack with { Verdict = verdict, PhaseSince = Views.Now.AddSeconds(1) }, []));
        var lines = new DemoSummary(Bad, story, LoadTotals.None).Lines().ToDictionary();
        Assert.StartsWith("102 requests of v2 against 2,288 of v1", lines["On"], StringComparison.Ordinal);
        Assert.Equal(Views.Now, story.DecidedAt);
    }

    private static DemoSummary Of(DemoScenario scenario, CanaryView last, long lost = 0)
    {
        var story = new DemoStory();
        var start = Views.Now.AddSeconds(-46);
        story.Take(new Frame(Views.Progressing with { Run = Views.Progressing.Run! with { StepAcknowledgedAt = start } }, []));
        story.Take(new Frame(last with { PhaseSince = start.AddSeconds(12) }, []));
        var load = LoadTotals.None with
        {
            Requests = 1000 + lost,
            Lost = lost,
            LostBy = lost == 0 ? LoadTotals.None.LostBy : LoadTotals.None.LostBy.Add("connection reset", lost),
            Answers = LoadTotals.None.Answers.Add("v1", 900).Add("v2", 100),
            Failures = LoadTotals.None.Failures.Add("v1", 9).Add("v2", 5),
        };
        return new DemoSummary(scenario, story, load);
    }
}
