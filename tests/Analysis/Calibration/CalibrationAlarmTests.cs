using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Calibration;

public sealed class CalibrationAlarmTests
{
    [Theory]
    [InlineData(0, 0, 120)]
    [InlineData(0.3, 0, 120)]
    [InlineData(0.3, 0.9, 240)]
    public void Alarm_TheNoiseThatWasStored_IsRare(double noise, double persistence, int minutes)
    {
        // 200 runs asked every minute, each with a calibration of its own day: more than 7 has probability below 0.2 % at 1 %.
        var alarms = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var traffic = new NoisyStable(seed, noise, persistence: persistence);
            alarms += FirstAlarm(Stored(traffic, 1440), traffic, minutes) is null ? 0 : 1;
        }

        Assert.InRange(alarms, 0, 7);
    }

    [Fact]
    public void Alarm_FourTimesTheNoise_ComesWithinTheHour()
    {
        var minutes = new List<int>();
        for (var seed = 0; seed < 40; seed++)
        {
            var stored = Stored(new NoisyStable(seed, 0.3), 1440);
            minutes.Add(FirstAlarm(stored, new NoisyStable(seed + 1000, 0.8), 120) ?? 121);
        }

        minutes.Sort();
        Assert.InRange(minutes[20], 10, 45);
        Assert.InRange(minutes[36], 10, 90);
    }

    [Fact]
    public void Alarm_OneBrokenMinute_IsNone()
    {
        var stored = Stored(new NoisyStable(1), 1440);
        var alarm = new CalibrationAlarm(stored);
        var live = new NoisyStable(2);
        for (var minute = 0; minute < 60; minute++)
        {
            var block = minute == 20 ? new HalfCounts(6000, 90, 6000, 30) : live.Errors();
            Assert.True(alarm.Add([block], At(minute), At(minute + 1)));
            Assert.NotEqual(AlarmKind.Louder, alarm.Metrics[0].Kind);
        }
    }

    [Fact]
    public void Alarm_QuieterThanStored_IsInformation()
    {
        var alarm = new CalibrationAlarm(Stored(new NoisyStable(1, 0.6), 1440));
        var live = new NoisyStable(2);
        for (var minute = 0; minute < 60; minute++)
            alarm.Add([live.Errors()], At(minute), At(minute + 1));
        var metric = Assert.Single(alarm.Metrics);
        Assert.Equal(AlarmKind.Quieter, metric.Kind);
        Assert.InRange(metric.Stored, 8, 20);
        Assert.InRange(metric.Live, 1, 2);
        Assert.Equal(60, metric.LiveBlocks);
    }

    [Fact]
    public void Alarm_TooLittle_SaysNothing()
    {
        Assert.Empty(new CalibrationAlarm(new CalibrationProfile { Standing = CalibrationStanding.Missing, Metrics = [] }).Metrics);
        var alarm = new CalibrationAlarm(Stored(new NoisyStable(1), 1440));
        for (var minute = 0; minute < 9; minute++)
            alarm.Add([new HalfCounts(6000, 100, 6000, 10)], At(minute), At(minute + 1));
        Assert.Equal(AlarmKind.NotEnough, alarm.Metrics[0].Kind);
        Assert.Equal(AlarmKind.NotEnough, new CalibrationAlarm(Stored(new NoisyStable(1), 5)).Metrics[0].Kind);
    }

    [Fact]
    public void Alarm_ThreeWaySamples_ComparesBaselineWithStableAtTheStoredEdges()
    {
        var history = new CalibrationHistory(new CalibrationSettings { LatencyPercentiles = [50] });
        var noise = new NoisyStable(4) { Requests = 1000, ErrorRate = 0.05 };
        for (var minute = 0; minute < 600; minute++)
            history.Add(At(minute - 600), At(minute - 599), noise.Minute());
        var alarm = new CalibrationAlarm(history.ProfileAt(At(0)));
        Assert.False(alarm.Add(Traffic.Interval(0, Traffic.Arm(5, 1000), Traffic.Arm(5, 1000))));
        var (quick, slow, random) = (new ArmModel(0.05, 0.85), new ArmModel(0.05, 1.15), new Random(9));
        for (var i = 0; i < 20; i++)
        {
            var sample = Traffic.Interval(0, new ArmModel(0.05).Next(random, 1000), Traffic.Arm(0, 1)) with
            {
                Start = At(i),
                End = At(i + 1),
                Baseline = (i % 2 == 0 ? quick : slow).Next(random, 1000),
            };
            Assert.True(alarm.Add(sample));
            Assert.False(alarm.Add(sample));
        }

        Assert.Equal(AlarmKind.Louder, alarm.Metrics[1].Kind);
        Assert.Equal(20, alarm.Metrics[0].LiveBlocks);
        Assert.NotEqual(AlarmKind.Louder, alarm.Metrics[0].Kind);
    }

    [Fact]
    public void Alarm_SavedAndRestored_GoesOnAsIfNothingHappened()
    {
        var stored = Stored(new NoisyStable(1), 200);
        var (straight, broken) = (new CalibrationAlarm(stored), new CalibrationAlarm(stored));
        var live = new NoisyStable(3, 0.6);
        for (var minute = 0; minute < 70; minute++)
        {
            var block = live.Errors();
            straight.Add([block], At(minute), At(minute + 1));
            broken.Add([block], At(minute), At(minute + 1));
            var state = JsonSerializer.Deserialize<ImmutableArray<MetricAlarmState>>(JsonSerializer.Serialize(broken.Save()));
            broken = new CalibrationAlarm(stored);
            broken.Restore(state);
            Assert.Equal(straight.Metrics, broken.Metrics);
        }

        Assert.Throws<ArgumentException>(() => broken.Restore([]));
        Assert.Throws<ArgumentException>(() => broken.Add([], At(100), At(101)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CalibrationAlarm(stored, 0));
    }

    private static int? FirstAlarm(CalibrationProfile stored, NoisyStable traffic, int minutes)
    {
        var alarm = new CalibrationAlarm(stored);
        for (var minute = 0; minute < minutes; minute++)
        {
            alarm.Add([traffic.Errors()], At(minute), At(minute + 1));
            if (alarm.Metrics[0].Kind == AlarmKind.Louder)
                return minute + 1;
        }

        return null;
    }

    private static CalibrationProfile Stored(NoisyStable traffic, int minutes)
    {
        var estimator = new PhiEstimator();
        for (var minute = 0; minute < minutes; minute++)
            estimator.Add(traffic.Errors(), At(minute), At(minute + 1));
        var phi = PhiEstimate.From(estimator.Sums);
        var metric = new MetricCalibration
        {
            Metric = "errors",
            Overdispersion = phi.Value,
            Blocks = (int)phi.Blocks,
            UpperBound = phi.UpperBound,
            BlockRequests = phi.BlockRequests,
        };
        return new CalibrationProfile { Standing = CalibrationStanding.Fresh, Metrics = [metric] };
    }

    private static DateTimeOffset At(int minute) => CalibrationSimulationTests.At(minute);
}
