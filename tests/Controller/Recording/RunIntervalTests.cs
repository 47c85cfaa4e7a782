using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Analysis.Judging;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Tests.Recording;

/// <summary>Intervals as they are kept: with endpoints and users, and from before there were any.</summary>
public sealed class RunIntervalTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Interval_WithEndpointsAndUsers_SurvivesTheRoundTripWhole()
    {
        var interval = Record(endpoints: 3).Intervals[^1];
        var text = JsonSerializer.Serialize(interval, ApiJson.Options);
        var read = JsonSerializer.Deserialize<RunInterval>(text, ApiJson.Options)!;

        Assert.Equal(interval.Sample.StableEndpoints, read.Sample.StableEndpoints);
        Assert.Equal(interval.Sample.CanaryEndpoints, read.Sample.CanaryEndpoints);
        Assert.Equal(3, read.Sample.CanaryEndpoints.Length);
        Assert.Equal(interval.Sample.Users, read.Sample.Users);
        Assert.NotNull(read.Sample.Users);
        Assert.Equal(text, JsonSerializer.Serialize(read, ApiJson.Options));
    }

    [Fact]
    public void Record_WithEndpointsAndUsers_ReplaysBitForBit()
    {
        var text = JsonSerializer.Serialize(Record(endpoints: 3), ApiJson.Options);
        var replay = RunReplayer.Replay(JsonSerializer.Deserialize<RunRecord>(text, ApiJson.Options)!);
        Assert.Equal((12, 0), (replay.Verdicts, replay.Differences.Length));
    }

    [Fact]
    public void Record_FromBeforeEndpointsAndUsers_IsReadAndReplays()
    {
        var node = JsonNode.Parse(JsonSerializer.Serialize(Record(endpoints: 0), ApiJson.Options))!;
        foreach (var interval in node["intervals"]!.AsArray())
        {
            var sample = interval!["sample"]!.AsObject();
            foreach (var later in new[] { "stableEndpoints", "canaryEndpoints", "users", "baseline" })
                Assert.True(sample.Remove(later), later);
        }

        var record = node.Deserialize<RunRecord>(ApiJson.Options)!;
        Assert.All(record.Intervals, interval => Assert.True(interval.Sample is { StableEndpoints.IsEmpty: true, CanaryEndpoints.IsEmpty: true, Users: null }));
        Assert.Empty(RunReplayer.Replay(record).Differences);
    }

    // What keeps a run for long: buckets without a request must cost nothing.
    [Theory]
    [InlineData(3, 12_000)]
    [InlineData(20, 60_000)]
    public void Interval_OfSoManyEndpoints_StaysSmall(int endpoints, int mostBytes)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Record(endpoints).Intervals[^1], ApiJson.Options).Length;
        Assert.True(bytes < mostBytes, $"{bytes} bytes");
    }

    private static RunRecord Record(int endpoints)
    {
        var settings = new AnalysisSettings();
        var judge = new CanaryJudge(settings);
        var random = new Random(11);
        return new RunRecord
        {
            Canary = "shop/checkout",
            Run = new Run
            {
                Id = "r1",
                Baseline = new Revision { Name = "v1", Addresses = ["http://127.0.0.1:1"] },
                Canary = new Revision { Name = "v2", Addresses = ["http://127.0.0.1:2"] },
                StartedAt = Start,
                StepStartedAt = Start,
            },
            Interval = TimeSpan.FromSeconds(10),
            Settings = settings,
            Intervals = [.. Enumerable.Range(1, 12).Select(number => Interval(judge, number, endpoints, random))],
        };
    }

    private static RunInterval Interval(CanaryJudge judge, int number, int endpoints, Random random)
    {
        var sample = Samples.Interval(Start.AddSeconds(10 * number), endpoints, random);
        if (number <= 2)
            judge.Warm(sample);
        else
            judge.Observe(sample);
        return new RunInterval { Number = number, Use = number <= 2 ? IntervalUse.Warmup : IntervalUse.Counted, Step = 0, ConfigVersions = [1], Sample = sample, Verdict = judge.Assess() };
    }
}
