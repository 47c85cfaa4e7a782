using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Calibration;

public sealed class CalibrationHistoryTests
{
    private static readonly CalibrationSettings Settings = new();

    [Fact]
    public void Add_TenSecondIntervals_GiveTheBlocksOfMinutes()
    {
        var (short_, long_) = (new CalibrationHistory(Settings), new CalibrationHistory(Settings));
        for (var minute = 0; minute < 45; minute++)
        {
            var sum = (A: ArmCounts.None, B: ArmCounts.None);
            for (var part = 0; part < 6; part++)
            {
                // A little off the grid, as clocks are.
                var (a, b) = (Traffic.Arm((minute + part) % 4, 300), Traffic.Arm((minute * part) % 3, 310));
                Assert.True(short_.Add(At(minute).AddSeconds(10 * part), At(minute).AddSeconds((10 * part) + 9.9), [new("a", a), new("b", b)]));
                sum = (sum.A.Merge(a), sum.B.Merge(b));
            }

            Assert.True(long_.Add(At(minute), At(minute + 1), [new("a", sum.A), new("b", sum.B)]));
        }

        var (one, other) = (short_.ProfileAt(At(45)), long_.ProfileAt(At(45)));
        Assert.Equal(45, one.Metrics[0].Blocks);
        Assert.Equal(other.Metrics[0].BlockRequests / 59.9 * 60, one.Metrics[0].BlockRequests, 1e-4);
        Assert.Equal(other.Metrics[0], one.Metrics[0] with { BlockRequests = other.Metrics[0].BlockRequests });
        Assert.Equal(other.StableLatency, one.StableLatency);
        Assert.Equal(other.StableErrors, one.StableErrors);
    }

    [Fact]
    public void Add_IntervalsOfFiveMinutes_AreBlocksWithTheTrafficOfAMinute()
    {
        var history = new CalibrationHistory(Settings with { LatencyPercentiles = [] });
        for (var i = 0; i < 70; i++)
            Assert.True(history.Add(At(5 * i), At(5 * (i + 1)), Pair(20 + (i % 7), 4980, 23, 4977)));
        var metric = history.ProfileAt(At(350)).Metrics[0];
        Assert.Equal((70, 1), (metric.Blocks, metric.Persistence));
        Assert.InRange(metric.BlockRequests, 999, 1001);
    }

    [Fact]
    public void Add_WhatIsNoInterval_IsRefusedAndChangesNothing()
    {
        var history = Fed(10);
        var before = Json(history);
        var fine = Pair(3, 100, 4, 100);
        Assert.False(history.Add(At(12), At(12), fine));
        Assert.False(history.Add(At(12), At(11), fine));
        Assert.False(history.Add(At(9), At(10), fine));
        Assert.False(history.Add(At(0), At(1), fine));
        Assert.False(history.Add(At(10), At(11), [new("a", new ArmCounts { Errors = -1, Latency = LatencyHistogram.Empty })]));
        Assert.False(history.Add(At(10), At(11), [new("a", new ArmCounts { Errors = long.MaxValue, Latency = LatencyHistogram.Empty })]));
        Assert.False(history.Add(At(10), At(11), [new(null!, ArmCounts.None)]));
        Assert.False(history.Add(At(10), At(11), [null!]));
        Assert.Equal(before, Json(history));
        Assert.True(history.Add(At(10), At(11), default));
    }

    [Fact]
    public void Add_WholeSamples_CountAllOfStableAndCompareItsEndpoints()
    {
        var history = new CalibrationHistory(Settings);
        var sample = Traffic.Interval(0, Traffic.Arm(9, 500), Traffic.Arm(50, 50)) with { StableEndpoints = Pair(3, 200, 4, 200) };
        Assert.True(history.Add(sample));
        var profile = history.ProfileAt(sample.End);
        Assert.Equal(9, profile.StableErrors);
        Assert.Equal(500, profile.StableLatency.Total);
    }

    [Fact]
    public void Profile_DayAfterDay_StandsOnTheLastSeven()
    {
        var history = new CalibrationHistory(Settings with { LatencyPercentiles = [] });
        var minute = 0;
        for (var day = 0; day < 8; day++, minute = day * 1440)
        {
            for (; minute < (day * 1440) + 100; minute++)
                history.Add(At(minute), At(minute + 1), day == 0 ? Pair(20 * (minute % 2), 1000, 20 * ((minute + 1) % 2), 1000) : Pair(3 + (minute % 2), 1000, 3, 1000));
            var metric = history.ProfileAt(At(minute)).Metrics[0];
            Assert.Equal(100 * Math.Min(day + 1, 7), metric.Blocks);
            Assert.Equal(day < 7, metric.Uncorrected > 2);
        }

        Assert.Equal(6, history.Save().Days.Length);
    }

    [Fact]
    public void Profile_RollingRestartsOfEqualEndpoints_StaysNearOne()
    {
        var random = new Random(5);
        var history = new CalibrationHistory(Settings with { LatencyPercentiles = [] });
        var pods = Enumerable.Range(0, 5).Select(i => $"pod-{i}").ToList();
        for (var minute = 0; minute < 1440; minute++)
        {
            if (minute % 60 == 59)
                pods[random.Next(pods.Count)] = $"pod-new-{minute}";
            if (minute % 400 == 399)
                pods.RemoveAt(random.Next(pods.Count));
            history.Add(At(minute), At(minute + 1), [.. pods.Select(pod => new EndpointCounts(pod, Traffic.Arm(BinomialSampler.Next(random, 1000, 0.01), 990)))]);
        }

        var profile = history.ProfileAt(At(1440));
        Assert.Equal(CalibrationStanding.Fresh, profile.Standing);
        Assert.InRange(profile.Metrics[0].ComparedBlocks, 1380, 1440);
        Assert.InRange(profile.Metrics[0].Overdispersion, 1, 1.6);
    }

    [Fact]
    public void Profile_OneEndpointIsAlwaysWorse_CountsAsNoise()
    {
        // The canary meets the same lottery of machines, so it must not be taken out.
        var random = new Random(5);
        var history = new CalibrationHistory(Settings with { LatencyPercentiles = [] });
        for (var minute = 0; minute < 1440; minute++)
            history.Add(At(minute), At(minute + 1), Pair(BinomialSampler.Next(random, 6000, 0.005), 5970, BinomialSampler.Next(random, 6000, 0.006), 5970));
        Assert.InRange(history.ProfileAt(At(1440)).Metrics[0].Overdispersion, 10, 40);
    }

    [Fact]
    public void Edges_ChosenFromThePast_StayForTheDay()
    {
        var history = new CalibrationHistory(Settings with { LatencyPercentiles = [50], MinimumEdgeRequests = 1000 });
        history.Add(At(0), At(1), Slow(100));
        Assert.Null(history.ProfileAt(At(1)).Metrics[1].EdgeSeconds);
        for (var minute = 1; minute < 30; minute++)
            history.Add(At(minute), At(minute + 1), Slow(minute < 3 ? 100 : 150));
        Assert.Equal(LatencyBuckets.UpperEdgeSeconds(100), history.ProfileAt(At(30)).Metrics[1].EdgeSeconds);
        Assert.Equal(28, history.ProfileAt(At(30)).Metrics[1].ComparedBlocks);
        for (var minute = 1440; minute < 1442; minute++)
            history.Add(At(minute), At(minute + 1), Slow(200));
        // Nothing is beyond 150 and nine tenths are beyond 149, which therefore tells more.
        Assert.Equal(LatencyBuckets.UpperEdgeSeconds(149), history.ProfileAt(At(1442)).Metrics[1].EdgeSeconds);
    }

    [Fact]
    public void Restore_AtAnyMinute_GoesOnAsIfNothingHappened()
    {
        var (straight, broken) = (new CalibrationHistory(Settings), new CalibrationHistory(Settings));
        var random = new Random(11);
        for (var minute = 1380; minute < 1520; minute++)
        {
            for (var part = 0; part < 3; part++)
            {
                var sample = Pair(random.Next(5), 200 + random.Next(50), random.Next(5), 200 + random.Next(50), 90 + random.Next(20));
                var (start, end) = (At(minute).AddSeconds(20 * part), At(minute).AddSeconds(20 * (part + 1)));
                Assert.Equal(straight.Add(start, end, sample), broken.Add(start, end, sample));
                if (random.Next(3) == 0)
                    broken = CalibrationHistory.Restore(Settings, JsonSerializer.Deserialize<CalibrationState>(Json(broken))!);
            }
        }

        Assert.Equal(Json(straight), Json(broken));
        Assert.Equal(JsonSerializer.Serialize(straight.ProfileAt(At(1520))), JsonSerializer.Serialize(broken.ProfileAt(At(1520))));
        Assert.InRange(Json(straight).Length, 1000, 8000);
    }

    [Fact]
    public void Restore_OfAWeek_IsStillSmall()
    {
        var history = new CalibrationHistory(Settings);
        var noise = new NoisyStable(1, latencyNoise: 0.05) { Requests = 20_000 };
        for (var day = 0; day < 9; day++)
        {
            for (var minute = day * 1440; minute < (day * 1440) + 60; minute++)
                history.Add(At(minute), At(minute + 1), noise.Minute());
        }

        Assert.InRange(Json(history).Length, 5000, 30_000);
    }

    [Fact]
    public void Restore_OtherPercentiles_KeepsWhatIsSharedAndSaysWhatIsNew()
    {
        var state = Fed(100, bucket: 100).Save();
        var history = CalibrationHistory.Restore(Settings with { LatencyPercentiles = [50, 95] }, state);
        var profile = history.ProfileAt(At(100));
        Assert.Equal(CalibrationStanding.TooShort, profile.Standing);
        Assert.Contains("latencyP95", profile.Reason, StringComparison.Ordinal);
        Assert.Equal(["errors", "latencyP50", "latencyP95"], profile.Metrics.Select(metric => metric.Metric));
        Assert.Equal(100, profile.Metrics[0].ComparedBlocks);
        for (var minute = 100; minute < 165; minute++)
            history.Add(At(minute), At(minute + 1), Pair(3, 1000, 4, 1000));
        Assert.Equal(CalibrationStanding.Fresh, history.ProfileAt(At(165)).Standing);
    }

    [Fact]
    public void Restore_AnotherLayoutOrBrokenNumbers_IsRefused()
    {
        var state = Fed(20).Save();
        Assert.Throws<ArgumentException>(() => CalibrationHistory.Restore(Settings, state with { Version = 2 }));
        Assert.Throws<ArgumentException>(() => CalibrationHistory.Restore(Settings, state with { Errors = -1 }));
        Assert.Throws<ArgumentException>(() => CalibrationHistory.Restore(Settings, state with { Days = default }));
        Assert.Throws<ArgumentException>(() => CalibrationHistory.Restore(Settings, state with { Metrics = [.. state.Metrics.Select(one => one with { Edge = 303 })] }));
    }

    [Theory]
    [InlineData("LatencyPercentiles[1]", 50, 50)]
    [InlineData("LatencyPercentiles[0]", 0, 50)]
    [InlineData("LatencyPercentiles[1]", 50, 100)]
    [InlineData("LatencyPercentiles[0]", double.NaN, 50)]
    public void Settings_BadPercentiles_AreNamed(string named, double first, double second)
    {
        var problem = Assert.Throws<ArgumentException>(() => new CalibrationHistory(Settings with { LatencyPercentiles = [first, second] }));
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_AnythingAtAll_LeavesAStateThatIsFiniteAndComesBack()
    {
        var count = Gen.OneOf(Gen.Long[0, 5], Gen.Long[0, 2000], Gen.Long[-2, 1], Gen.Const(1_000_000_000L), Gen.Const(long.MaxValue));
        var endpoint = Gen.Select(Gen.Int[0, 5], count, count, Gen.Int[0, LatencyBuckets.Overflow],
            (name, errors, fine, bucket) => new EndpointCounts($"pod-{name}", Traffic.Arm(errors, Math.Max(0, fine), bucket)));
        var step = Gen.Select(Gen.OneOf(Gen.Int[-30, 100], Gen.Int[0, 300_000]), Gen.Int[-1, 90], endpoint.Array[0, 6], Gen.Bool);
        step.Array[0, 60].Sample(steps =>
        {
            var (history, clock) = (new CalibrationHistory(Settings with { MinimumEdgeRequests = 50 }), At(0));
            foreach (var (pause, seconds, endpoints, whole) in steps)
            {
                var (start, end) = (clock.AddSeconds(pause), clock.AddSeconds(pause + seconds));
                clock = end > clock ? end : clock;
                var sample = Traffic.Interval(0, endpoints.Length > 0 ? endpoints[0].Counts : ArmCounts.None, ArmCounts.None) with { Start = start, End = end, StableEndpoints = [.. endpoints] };
                _ = whole ? history.Add(sample) : history.Add(start, end, [.. endpoints]);
            }

            var profile = history.ProfileAt(clock);
            Assert.Equal(profile.Standing == CalibrationStanding.Fresh, profile.Reason is null);
            Assert.All(profile.Metrics, metric => Assert.InRange(metric.Overdispersion, 1, 1e15));
            var copy = CalibrationHistory.Restore(Settings with { MinimumEdgeRequests = 50 }, JsonSerializer.Deserialize<CalibrationState>(Json(history))!);
            Assert.Equal(Json(history), Json(copy));
        }, iter: 300);
    }

    [Fact]
    public void Settings_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new CalibrationHistory(Settings with { MinimumBlocks = 11 }));
        Assert.Throws<ArgumentException>(() => new CalibrationHistory(Settings with { MaximumAge = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => new CalibrationHistory(Settings with { WindowDays = 0 }));
        Assert.Throws<ArgumentException>(() => new CalibrationHistory(Settings with { MinimumEdgeRequests = 0 }));
        Assert.Throws<ArgumentException>(() => new CalibrationHistory(Settings with { FalseRollbackRate = double.NaN }));
        Assert.Throws<ArgumentException>(() => new CalibrationHistory(Settings with { LatencyPercentiles = default }));
    }

    [Fact]
    public void OverdispersionAt_MoreTraffic_RaisesTheExcessInProportionAndNeverLowersIt()
    {
        var metric = new MetricCalibration { Metric = "errors", Overdispersion = 3, Blocks = 100, BlockRequests = 1000 };
        Assert.Equal(7, metric.OverdispersionAt(3000), 1e-12);
        Assert.All([1000, 10, 0, -5, double.NaN, double.PositiveInfinity], requests => Assert.Equal(3, metric.OverdispersionAt(requests)));
        Assert.Equal(3, (metric with { BlockRequests = 0 }).OverdispersionAt(3000));
    }

    internal static CalibrationHistory Fed(int minutes, int bucket = 100)
    {
        var history = new CalibrationHistory(Settings);
        for (var minute = 0; minute < minutes; minute++)
            Assert.True(history.Add(At(minute), At(minute + 1), Pair(3 + (minute % 2), 1000, 4, 1000, bucket)));
        return history;
    }

    internal static ImmutableArray<EndpointCounts> Pair(long errorsA, long fineA, long errorsB, long fineB, int bucket = 100) =>
        [new("a", Traffic.Arm(errorsA, fineA, bucket)), new("b", Traffic.Arm(errorsB, fineB, bucket))];

    private static ImmutableArray<EndpointCounts> Slow(int bucket) => [new("a", Traffic.Arm(0, 300, bucket)), new("b", Traffic.Arm(0, 300, bucket))];

    private static DateTimeOffset At(int minute) => CalibrationSimulationTests.At(minute);

    private static string Json(CalibrationHistory history) => JsonSerializer.Serialize(history.Save());
}
