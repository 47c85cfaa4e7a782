using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Recording.Cluster;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Tests.Recording.Cluster;

/// <summary>The state that a Canary object carries for the next replica.</summary>
public sealed class EngineTextTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Text_OfARunWithEvidence_ComesBackBitForBit()
    {
        var state = State(intervals: 12, endpoints: 3);
        var read = EngineText.Read(EngineText.Write(state));
        Assert.Equal(JsonSerializer.Serialize(state, ApiJson.Options), JsonSerializer.Serialize(read, ApiJson.Options));
        Assert.Equal(state.Status, read.Status);
    }

    // An object in the API server has 1.5 MB at most, and every watcher gets all of it at every write.
    [Theory]
    [InlineData(12, 3, 12_000)]
    [InlineData(360, 20, 100_000)]
    public void Text_AfterSoManyIntervals_StaysSmall(int intervals, int endpoints, int mostCharacters)
    {
        var length = EngineText.Write(State(intervals, endpoints)).Length;
        TestContext.Current.TestOutputHelper?.WriteLine($"{length} characters");
        Assert.True(length < mostCharacters, $"{length} characters");
    }

    [Theory]
    [InlineData("not base64 at all!")]
    [InlineData("bm90IGJyb3RsaQ==")]
    [InlineData("")]
    public void Read_SomethingElse_SaysThatItCannotBeRead(string text) =>
        Assert.Contains("kept state", Assert.Throws<InvalidDataException>(() => EngineText.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_ANewerFormat_NamesIt()
    {
        var text = EngineText.Write(State(1, 1) with { Format = EngineState.CurrentFormat + 1 });
        Assert.Contains("newer than this version", Assert.Throws<InvalidDataException>(() => EngineText.Read(text)).Message, StringComparison.Ordinal);
    }

    private static EngineState State(int intervals, int endpoints)
    {
        var settings = new AnalysisSettings();
        var judge = new CanaryJudge(settings);
        var history = new CalibrationHistory(new CalibrationSettings());
        var random = new Random(7);
        for (var number = 0; number < intervals; number++)
        {
            var sample = Samples.Interval(Start.AddSeconds(10 * number), endpoints, random);
            judge.Observe(sample);
            history.Add(sample);
        }

        var (stable, canary) = (new Revision { Name = "5f3c9a1b2d", Addresses = [] }, new Revision { Name = "77c1d20e4f", Addresses = [] });
        var run = new Run { Id = "r1", Canary = canary, Baseline = stable, StartedAt = Start, StepStartedAt = Start };
        var status = new RolloutStatus
        {
            Phase = Phase.Progressing,
            PhaseSince = Start,
            Stable = stable,
            Run = run,
            Leaving = new LeavingArms([new LeavingArm(canary, Start)]),
        };
        return new EngineState
        {
            Commit = 7,
            Writer = "meshcanary-0",
            Manifest = new CanaryManifest
            {
                Name = "checkout",
                Namespace = "shop",
                Spec = new CanarySpec
                {
                    Workload = new WorkloadSpec { Kind = "Deployment", Name = "checkout" },
                    Service = new ServiceSpec { Name = "checkout" },
                    Strategy = new StrategySpec { Steps = [] },
                },
            },
            Status = status,
            Announced = canary,
            Folded = ImmutableDictionary<string, long>.Empty.Add("proxy-1", 42),
            Calibration = history.Save(),
            Analysis = new RunAnalysis
            {
                RunId = run.Id,
                Settings = settings,
                Interval = TimeSpan.FromSeconds(10),
                Anchor = Start,
                CountedThrough = Start.AddSeconds(10 * intervals),
                Judge = judge.Save(),
                Verdict = judge.Assess(),
            },
        };
    }
}
