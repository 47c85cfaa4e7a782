using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Recording;
using MeshCanary.Testing.Files;

namespace MeshCanary.Cli.Tests.Commands;

public sealed class ReplayCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replay_OfAnUntouchedRecord_IsIdentical()
    {
        var run = await CommandRun.OfAsync("replay", Write(_ => { }));
        Assert.True(run.Code == ExitCode.Success, run.ToString());
        Assert.Contains("default/checkout, run 1 (v1 → v2): identical. 8 verdicts replayed bit for bit.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_OfARecordWithAChangedCount_NamesTheFirstIntervalThatDiffers()
    {
        var run = await CommandRun.OfAsync("replay", Write(record => record["intervals"]![4]!["sample"]!["canary"]!["errors"] = 41));
        Assert.True(run.Code == ExitCode.RolledBack, run.ToString());
        Assert.Contains("the first after interval 5.", run.Out, StringComparison.Ordinal);
        Assert.Contains("verdict.failEvidence: recorded", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_OfARecordWithAChangedVerdict_NamesTheField()
    {
        var run = await CommandRun.OfAsync("replay", Write(record => record["intervals"]![6]!["verdict"]!["score"] = 99.5));
        Assert.Equal(ExitCode.RolledBack, run.Code);
        Assert.Contains("1 of 8 verdicts came out otherwise, the first after interval 7.", run.Out, StringComparison.Ordinal);
        Assert.Contains("verdict.score: recorded 99.5, replayed ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_OfAnotherFormat_SaysWhichItKnows()
    {
        var run = await CommandRun.OfAsync("replay", Write(record => record["format"] = 99));
        run.ShouldFail(ExitCode.Error, "record.json: the record cannot be replayed", "format 99", "remedy:");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("kind: Canary")]
    [InlineData("""{"canary":"a","run":null,"interval":1,"settings":null,"intervals":null}""")]
    public async Task Replay_OfSomethingElse_SaysSo(string text)
    {
        var run = await CommandRun.OfAsync("replay", _folder.Write("record.json", text));
        run.ShouldFail(ExitCode.Error, "record.json", "remedy:");
    }

    private string Write(Action<JsonNode> change)
    {
        var node = JsonNode.Parse(JsonSerializer.Serialize(Record(), ApiJson.Options))!;
        change(node);
        return _folder.Write("record.json", node.ToJsonString());
    }

    private static RunRecord Record()
    {
        var settings = new AnalysisSettings();
        var judge = new CanaryJudge(settings);
        return new RunRecord
        {
            Canary = "default/checkout",
            Run = Views.Progressing.Run!,
            Interval = TimeSpan.FromSeconds(1),
            Settings = settings,
            Intervals = [.. Enumerable.Range(1, 8).Select(number => Interval(judge, number))],
        };
    }

    private static RunInterval Interval(CanaryJudge judge, int number)
    {
        var start = Views.Now.AddSeconds(number);
        var sample = new IntervalSample
        {
            Start = start,
            End = start.AddSeconds(1),
            Stable = Counts(300, number % 3),
            Canary = Counts(100, number % 2),
            Draws = [new DrawCounts(2500, 300, 100)],
        };
        if (number <= 2)
            judge.Warm(sample);
        else
            judge.Observe(sample);
        return new RunInterval
        {
            Number = number,
            Use = number <= 2 ? IntervalUse.Warmup : IntervalUse.Counted,
            Step = 0,
            ConfigVersions = [7],
            Sample = sample,
            Verdict = judge.Assess(),
        };
    }

    private static ArmCounts Counts(long requests, long errors) => new()
    {
        Errors = errors,
        Latency = new LatencyHistogram(ImmutableSortedDictionary.CreateRange([
            KeyValuePair.Create(100, requests / 2), KeyValuePair.Create(110, requests - requests / 2 - errors)])),
    };
}
