using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cli.Tests.Commands;

public sealed class StatusCommandTests
{
    public static TheoryData<string, int> Codes => new()
    {
        { "stable", ExitCode.Success },
        { "promoted", ExitCode.Success },
        { "progressing", ExitCode.UnderWay },
        { "baking", ExitCode.UnderWay },
        { "paused", ExitCode.WaitsForPerson },
        { "failed", ExitCode.RolledBack },
        { "aborted", ExitCode.RolledBack },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Status_WithoutWait_EndsWithTheCodeOfThePhase(string moment, int code)
    {
        await using var server = await StubServer.StartAsync(At(moment));
        var run = await CommandRun.OfAsync("status", "checkout", "--server", server.Url);
        Assert.True(run.Code == code, run.ToString());
        Assert.Contains("checkout", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("promoted", ExitCode.Success)]
    [InlineData("failed", ExitCode.RolledBack)]
    [InlineData("paused", ExitCode.WaitsForPerson)]
    public async Task Status_WithWait_EndsOnceItIsSettled(string moment, int code)
    {
        await using var server = await StubServer.StartAsync(Views.Progressing, At("baking"), At(moment));
        var run = await CommandRun.OfAsync("status", "checkout", "--wait", "--server", server.Url);
        Assert.True(run.Code == code, run.ToString());
        Assert.Contains("progressing 2/3", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_WithWait_TellsWhyItFailedBeforeThePage()
    {
        await using var server = await StubServer.StartAsync(Views.Progressing, At("failed"));
        var run = await CommandRun.OfAsync("status", "checkout", "--wait", "--server", server.Url);
        var reason = run.Out.IndexOf("checkout: v2 was rolled back, v1 is stable: errors: the canary failed 4.6% of 1,210 requests", StringComparison.Ordinal);
        Assert.InRange(reason, 0, run.Out.IndexOf("Weight ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Status_WithExplain_TellsEverySentenceOfTheVerdictAfterThePage()
    {
        string[] sentences = ["Compared are 75 requests of the canary with 225 that the present version served at the same time.", "It becomes a Pass when latencyP99 is proven harmless as well."];
        await using var server = await StubServer.StartAsync(Views.Progressing with { Explanation = [.. sentences] });
        var plain = await CommandRun.OfAsync("status", "checkout", "--server", server.Url);
        var explained = await CommandRun.OfAsync("status", "checkout", "--explain", "--server", server.Url);
        var text = string.Join(' ', explained.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith(plain.Out, explained.Out, StringComparison.Ordinal);
        Assert.All(sentences, sentence => Assert.Contains(sentence, text, StringComparison.Ordinal));
        Assert.DoesNotContain("Compared are", plain.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_WithExplainBeforeTheFirstInterval_SaysSo()
    {
        await using var server = await StubServer.StartAsync(Views.Stable);
        var run = await CommandRun.OfAsync("status", "checkout", "--explain", "--server", server.Url);
        Assert.Contains("There is no verdict yet", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyView_OfACanaryThatCannotBeReconciled_SaysSoFirst()
    {
        var broken = Views.Progressing with { Problem = "its state cannot be stored: disk full" };
        await using var server = await StubServer.StartAsync(broken);
        var status = await CommandRun.OfAsync("status", "checkout", "--server", server.Url);
        Assert.Contains("Problem    its state cannot be stored: disk full", status.Out.Split('\n')[1], StringComparison.Ordinal);
        var get = await CommandRun.OfAsync("get", "--server", server.Url);
        Assert.Equal("warning: default/checkout: its state cannot be stored: disk full", get.Error.TrimEnd());
    }

    [Fact]
    public async Task Get_OfAFailedRun_NamesWhatFailedAndTheVerdictInTheUsualWords()
    {
        await using var server = await StubServer.StartAsync(At("failed"));
        var run = await CommandRun.OfAsync("get", "--server", server.Url);
        Assert.Equal(["default", "checkout", "failed", "v1", "v2", "0%", "71", "not-enough-data-yet"], run.Out.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Status_WithWaitAndTimeout_EndsWithFiveAndTheRolloutGoesOn()
    {
        await using var server = await StubServer.StartAsync(Views.Progressing);
        var run = await CommandRun.OfAsync("status", "checkout", "--wait", "--timeout", "50ms", "--server", server.Url);
        run.ShouldFail(ExitCode.TimedOut, "has not settled within", "remedy: see 'meshcanary status checkout'");
    }

    [Fact]
    public async Task Status_Interrupted_EndsWithOneHundredAndThirty()
    {
        await using var server = await StubServer.StartAsync(Views.Progressing);
        using var stop = new CancellationTokenSource();
        var running = CommandRun.OfAsync(["status", "checkout", "--wait", "--server", server.Url], _ => null, stop.Token);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, (await running).Code);
    }

    [Fact]
    public async Task Status_OfAnUnknownCanary_RepeatsTheServersWords()
    {
        await using var server = await StubServer.StartAsync(Views.Stable);
        var run = await CommandRun.OfAsync("status", "nobody", "--server", server.Url);
        run.ShouldFail(ExitCode.Error, "There is no Canary default/nobody.", "remedy: see 'meshcanary get'");
    }

    [Theory]
    [InlineData("get")]
    [InlineData("status", "checkout")]
    [InlineData("watch", "checkout")]
    [InlineData("events", "checkout")]
    [InlineData("abort", "checkout")]
    [InlineData("record", "checkout")]
    public async Task AnyClient_WithoutAServer_SaysWhereItLookedAndWhatToDo(params string[] args)
    {
        var run = await CommandRun.OfAsync([.. args, "--server", "http://127.0.0.1:1"]);
        run.ShouldFail(ExitCode.Error, "http://127.0.0.1:1/ does not answer", "remedy: start one with 'meshcanary serve");
    }

    [Fact]
    public async Task AnyClient_AtAServerOfAnotherKind_SaysSo()
    {
        await using var server = await StubServer.StartAsync(Views.Stable);
        server.Refusal = (200, "<html>");
        var run = await CommandRun.OfAsync("get", "--server", server.Url);
        run.ShouldFail(ExitCode.Error, "did not answer as a MeshCanary server does", "remedy: check that --server");
    }

    private static CanaryView At(string moment) => moment switch
    {
        "stable" => Views.Stable,
        "progressing" => Views.Progressing,
        "baking" => Views.Progressing with { Phase = Phase.Baking, Stable = Views.V2 },
        "paused" => Views.Progressing with { Phase = Phase.Paused },
        "promoted" => Views.Ended(Phase.Stable, RunOutcome.Promoted, Views.V2),
        "failed" => Views.Ended(Phase.Failed, RunOutcome.RolledBack, Views.V1),
        "aborted" => Views.Ended(Phase.Stable, RunOutcome.Aborted, Views.V1),
        _ => throw new ArgumentOutOfRangeException(nameof(moment)),
    };
}
