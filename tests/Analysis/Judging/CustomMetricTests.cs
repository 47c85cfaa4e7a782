using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Samples.Custom;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Judging;

public sealed class CustomMetricTests
{
    private static readonly CustomMetric Queue = new() { Name = "queue", Kind = CustomKind.Guard, Max = 100 };
    private static readonly CustomMetric Orders = new() { Name = "orders", Kind = CustomKind.Counts, HarmAbsolute = 0.05, Overdispersion = 1 };
    private static readonly CustomMetric Load = new() { Name = "load", Kind = CustomKind.Comparison, ToleranceAbsolute = 1, HarmAbsolute = 10 };

    [Fact]
    public void Verdict_WithoutCustomMetrics_HasNothingOfThem()
    {
        var judge = new CanaryJudge(Traffic.Independent);
        judge.Observe(new Traffic(1).Next());
        Assert.Null(judge.Assess().Custom);
        Assert.Null(judge.Save().Custom);
        Assert.DoesNotContain("ustom", JsonSerializer.Serialize(judge.Assess()) + JsonSerializer.Serialize(judge.Save()), StringComparison.Ordinal);
    }

    [Fact]
    public void Guard_BeyondItsLimitTwiceInARow_FailsAndSaysWhat()
    {
        var judge = Judge(Queue);
        Feed(judge, 0, Value("queue", 0, 101));
        Assert.Equal(VerdictKind.NotEnoughData, judge.Assess().Kind);
        Feed(judge, 1, Value("queue", 1, 250));
        var verdict = judge.Assess();
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.Equal("Guard breached: queue of the canary is 250, above the limit of 100.", verdict.Reason);
    }

    [Fact]
    public void Guard_OnBothArms_IsBrokenByEither()
    {
        var judge = Judge(Queue with { BothArms = true, Intervals = 1 });
        Feed(judge, 0, Value("queue", 0, 5, 300));
        Assert.Equal("stable", Assert.Single(judge.Assess().CustomBreaches!.Value).Arm);
    }

    [Fact]
    public void Guard_AbsenceBetween_NeitherBreaksNorClears()
    {
        var judge = Judge(Queue);
        foreach (var (reading, place) in new[] { Value("queue", 0, 101), Absent("queue", 1), Absent("queue", 2) }.Select((reading, place) => (reading, place)))
            Feed(judge, place, reading);
        Assert.Null(judge.Assess().CustomBreaches);
        Feed(judge, 3, Value("queue", 3, 101));
        Assert.Equal(VerdictKind.Fail, judge.Assess().Kind);
    }

    [Theory]
    [InlineData(true, VerdictKind.NotEnoughData)]
    [InlineData(false, VerdictKind.Pass)]
    public void Provider_WithoutAnyAnswer_HoldsAPassOnlyWhereItIsRequired(bool required, VerdictKind expected)
    {
        var judge = Judge(Queue with { Required = required }, Orders with { Required = required }, Load with { Required = required });
        Run(judge, 40, place => [Absent("queue", place), Absent("orders", place), Absent("load", place)]);
        var verdict = judge.Assess();
        Assert.Equal(expected, verdict.Kind);
        if (required)
            Assert.Contains("Required metric queue is open: its source gave no answer for the time up to", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Provider_ThatFailsAfterTheProof_HoldsUntilItAnswersAgain()
    {
        var judge = Judge(Orders);
        Run(judge, 40, place => [Counts("orders", place, 10, 1000, 10, 1000)]);
        Assert.Equal(VerdictKind.Pass, judge.Assess().Kind);
        Feed(judge, 40, Absent("orders", 40));
        var held = judge.Assess();
        Assert.Equal(VerdictKind.NotEnoughData, held.Kind);
        Assert.Contains("refused", held.Reason, StringComparison.Ordinal);
        Feed(judge, 41, Counts("orders", 41, 10, 1000, 10, 1000));
        Assert.Equal(VerdictKind.Pass, judge.Assess().Kind);
    }

    [Fact]
    public void Provider_ThatIsSilent_HoldsWhenItsPatienceIsOver()
    {
        var judge = Judge(Queue with { Patience = TimeSpan.FromSeconds(30) });
        Run(judge, 40, place => [Value("queue", place, 1)]);
        Assert.Equal(VerdictKind.Pass, judge.Assess().Kind);
        for (var place = 40; place < 44; place++)
            Feed(judge, place);
        Assert.Contains("too long ago", judge.Assess().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_OfAWorseCanary_FailAndAreNamed()
    {
        var judge = Judge(Orders);
        Run(judge, 12, place => [Counts("orders", place, 120, 1000, 10, 1000)]);
        var verdict = judge.Assess();
        Assert.Equal(VerdictKind.Fail, verdict.Kind);
        Assert.StartsWith("orders: canary 12.00 % against 1.00 % of stable; evidence", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_WhereFewerIsWorse_AreThoseOfTheComplement()
    {
        var fewer = Judge(Orders with { Worse = WorseDirection.Decrease, ToleranceAbsolute = 0.01, HarmAbsolute = 0.05 });
        var more = Judge(Orders with { ToleranceAbsolute = 0.01, HarmAbsolute = 0.05 });
        Run(fewer, 10, place => [Counts("orders", place, 930, 1000, 960, 1000)]);
        Run(more, 10, place => [Counts("orders", place, 70, 1000, 40, 1000)]);
        var (one, other) = (fewer.Assess().Custom!.Value[0], more.Assess().Custom!.Value[0]);
        Assert.Equal(other.FailEvidence, one.FailEvidence);
        Assert.Equal(other.PassEvidence, one.PassEvidence);
        Assert.Equal(-other.Difference!.Value, one.Difference!.Value, 12);
        Assert.Equal(0.93, one.Canary!.Value, 12);
    }

    [Theory]
    [InlineData(WorseDirection.Increase, 20, true)]
    [InlineData(WorseDirection.Increase, -20, false)]
    [InlineData(WorseDirection.Decrease, -20, true)]
    [InlineData(WorseDirection.Decrease, 20, false)]
    [InlineData(WorseDirection.Either, 20, true)]
    [InlineData(WorseDirection.Either, -20, true)]
    public void Comparison_ShiftedValues_FailInTheWorseDirection(WorseDirection worse, double shift, bool fails)
    {
        var random = new Random(1);
        var judge = Judge(Load with { Worse = worse, Required = false });
        Run(judge, 40, place => [Value("load", place, 50 + shift + random.NextDouble(), 50 + random.NextDouble())]);
        Assert.Equal(fails ? VerdictKind.Fail : VerdictKind.Pass, judge.Assess().Kind);
    }

    [Fact]
    public void Comparison_OfEqualArms_PassesWithinItsHarm()
    {
        var random = new Random(1);
        var judge = Judge(Load with { Worse = WorseDirection.Either });
        Run(judge, 40, place => [Value("load", place, 50 + random.NextDouble(), 50 + random.NextDouble())]);
        var verdict = judge.Assess();
        Assert.Equal(VerdictKind.Pass, verdict.Kind);
        Assert.Contains("and 1 of 1 custom ones too", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Warmup_OfCustomMetrics_IsNotCompared()
    {
        var judge = Judge(Orders, Load);
        for (var place = 0; place < 20; place++)
            judge.Warm(Sample(place, Counts("orders", place, 900, 1000, 10, 1000) with { IsWarmup = true }, Value("load", place, 900, 10) with { IsWarmup = true }));
        Assert.All(judge.Assess().Custom!.Value, metric => Assert.Equal((0, 0.0), (metric.Answered, metric.FailEvidence)));
    }

    [Fact]
    public void State_SavedAndRestoredAfterEveryInterval_GivesTheSameBits()
    {
        ImmutableArray<CustomMetric> metrics = [Queue with { BothArms = true }, Orders with { Worse = WorseDirection.Either }, Load, DistributionMetricTests.Payload];
        var settings = Traffic.Independent with { Metrics = metrics };
        var (whole, parts) = (new CanaryJudge(settings), new CanaryJudge(settings));
        var (one, other) = (new Traffic(3), new Traffic(3));
        for (var place = 0; place < 40; place++)
        {
            CustomReading[] readings = [Value("queue", place, place % 7, 3), place % 5 == 4 ? Absent("orders", place) : Counts("orders", place, 10 + (place % 3), 1000, 11, 990), Value("load", place, 5 + (place % 4), 5), DistributionMetricTests.Reading(place, 1)];
            whole.Observe(one.Next() with { Custom = [.. readings] });
            parts.Observe(other.Next() with { Custom = [.. readings] });
            parts = CanaryJudge.Restore(settings, JsonSerializer.Deserialize<JudgeState>(JsonSerializer.Serialize(parts.Save()))!);
            Assert.Equal(JsonSerializer.Serialize(whole.Assess()), JsonSerializer.Serialize(parts.Assess()));
        }
    }

    [Fact]
    public void State_OfOtherMetrics_IsRefused()
    {
        var state = Judge(Queue).Save();
        Assert.Throws<ArgumentException>(() => CanaryJudge.Restore(Traffic.Independent with { Metrics = [Orders] }, state));
        Assert.Throws<ArgumentException>(() => CanaryJudge.Restore(Traffic.Independent, state));
    }

    [Fact]
    public void EndpointsOfTheCanary_AreNotBlamedForWhatCustomMetricsShow()
    {
        var judge = Judge(Orders);
        var arm = Traffic.Arm(0, 500);
        for (var place = 0; place < 12; place++)
            judge.Observe(Sample(place, Counts("orders", place, 200, 1000, 10, 1000)) with { CanaryEndpoints = [new EndpointCounts("a", arm), new EndpointCounts("b", arm)] });
        Assert.Equal(VerdictKind.Fail, judge.Assess().Kind);
    }

    private static CanaryJudge Judge(params ImmutableArray<CustomMetric> metrics) => new(Traffic.Independent with { LatencyPercentiles = [], Metrics = metrics });

    private static void Feed(CanaryJudge judge, int place, params CustomReading[] readings) => judge.Observe(Sample(place, readings));

    private static void Run(CanaryJudge judge, int intervals, Func<int, CustomReading[]> read)
    {
        for (var place = 0; place < intervals; place++)
            Feed(judge, place, read(place));
    }

    private static IntervalSample Sample(int place, params CustomReading[] readings)
    {
        // Enough healthy traffic that errors are proven harmless within some intervals.
        var arm = Traffic.Arm(50, 50_000);
        return Traffic.Interval(place, arm, arm) with { Custom = [.. readings] };
    }

    private static CustomReading Value(string metric, int place, double canary, double? stable = null) => At(metric, place) with
    {
        Canary = new CustomValues { Value = canary },
        Stable = stable is null ? null : new CustomValues { Value = stable },
    };

    private static CustomReading Counts(string metric, int place, long canary, long canaryTotal, long stable, long stableTotal) => At(metric, place) with
    {
        Canary = new CustomValues { Events = canary, Total = canaryTotal },
        Stable = new CustomValues { Events = stable, Total = stableTotal },
    };

    private static CustomReading Absent(string metric, int place) => At(metric, place) with { Absence = "the provider refused us" };

    internal static CustomReading At(string metric, int place)
    {
        var interval = Traffic.Interval(place, ArmCounts.None, ArmCounts.None);
        return new CustomReading { Metric = metric, From = interval.Start, To = interval.End };
    }
}
