using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;
using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Cli.Tests.Commands;

public sealed class RolloutCommandTests
{
    [Fact]
    public async Task Rollout_OfAVersion_AnnouncesItWithItsAddressesInOneForm()
    {
        await using var server = await StubServer.StartAsync(Views.Stable);
        var run = await CommandRun.OfAsync("rollout", "checkout", "--canary", "http://127.0.0.1:9003/", "--canary", "http://127.0.0.1:9002", "--revision", "v2", "--server", server.Url);
        Assert.True(run.Code == ExitCode.Success, run.ToString());
        Assert.Equal(
            """/api/v1/canaries/default/checkout/revisions {"revision":"v2","addresses":["http://127.0.0.1:9002","http://127.0.0.1:9003"]}""",
            Assert.Single(server.Asked));
    }

    [Fact]
    public async Task Rollout_OfAVersionThatDoesNotAnswer_IsRefusedAndNothingIsAnnounced()
    {
        await using var server = await StubServer.StartAsync(Views.Stable);
        server.Refusal = (422, """{"title":"No address answers","detail":"Use ?force=true.","errors":["http://127.0.0.1:1: connection refused"]}""");
        var run = await CommandRun.OfAsync("rollout", "checkout", "--canary", "http://127.0.0.1:1", "--server", server.Url);
        run.ShouldFail(ExitCode.Error, "No address answers: http://127.0.0.1:1: connection refused.", "remedy: start the version first", "--force");
    }

    [Fact]
    public async Task Rollout_Forced_AnnouncesWhatDoesNotAnswer()
    {
        await using var server = await StubServer.StartAsync(Views.Stable);
        var run = await CommandRun.OfAsync("rollout", "checkout", "--canary", "http://127.0.0.1:1", "--force", "--server", server.Url);
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.StartsWith("/api/v1/canaries/default/checkout/revisions?force=true {", Assert.Single(server.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollout_WithWait_DoesNotTakeTheRunBeforeForItsOwn()
    {
        var before = Views.Ended(Phase.Failed, RunOutcome.RolledBack, Views.V1);
        before = before with { Run = before.Run! with { Canary = Views.V2 with { Name = "v0" } } };
        await using var server = await StubServer.StartAsync(before, before, Views.Progressing, Views.Ended(Phase.Stable, RunOutcome.Promoted, Views.V2));
        var run = await WaitForV2Async(server);
        Assert.True(run.Code == ExitCode.Success, run.ToString());
    }

    [Fact]
    public async Task Rollout_WithWaitAndSuperseded_EndsWithThree()
    {
        var newer = Views.Progressing with { Run = Views.Progressing.Run! with { Canary = Views.V2 with { Name = "v3" }, Weight = new BasisPoints(500) } };
        await using var server = await StubServer.StartAsync(Views.Progressing, newer);
        var run = await WaitForV2Async(server);
        Assert.True(run.Code == ExitCode.RolledBack, run.ToString());
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("approve")]
    [InlineData("reject")]
    [InlineData("abort")]
    [InlineData("retry")]
    [InlineData("promote")]
    [InlineData("skip")]
    [InlineData("restart")]
    public async Task Action_WithReason_IsAskedFor(string action)
    {
        await using var server = await StubServer.StartAsync(Views.Progressing);
        var run = await CommandRun.OfAsync(action, "shop/checkout", "--reason", "because", "--server", server.Url);
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.Equal($$"""/api/v1/canaries/shop/checkout/actions {"action":"{{action}}","reason":"because"}""", Assert.Single(server.Asked));
    }

    [Fact]
    public async Task Jump_NamesItsStep()
    {
        await using var server = await StubServer.StartAsync(Views.Progressing);
        var run = await CommandRun.OfAsync("jump", "shop/checkout", "2", "--server", server.Url);
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.Contains("\"step\":2", Assert.Single(server.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Action_Refused_RepeatsTheServersWords()
    {
        await using var server = await StubServer.StartAsync(Views.Stable);
        server.Refusal = (409, """{"detail":"There is no run to approve."}""");
        var run = await CommandRun.OfAsync("approve", "checkout", "--server", server.Url);
        run.ShouldFail(ExitCode.Error, "There is no run to approve.", "remedy: see 'meshcanary status");
    }

    private static Task<CommandRun> WaitForV2Async(StubServer server) => CommandRun.OfAsync(
        "rollout", "checkout", "--canary", "http://127.0.0.1:9002", "--revision", "v2", "--wait", "--server", server.Url);
}
