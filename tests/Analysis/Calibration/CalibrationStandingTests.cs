using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Calibration;

public sealed class CalibrationStandingTests
{
    [Fact]
    public void Standing_NothingRecorded_IsMissing() => Says(new CalibrationHistory(new CalibrationSettings()), 0, CalibrationStanding.Missing, "No interval");

    [Fact]
    public void Standing_OneEndpoint_IsMissingWithThatReasonAndNeverPhiOne()
    {
        var history = new CalibrationHistory(new CalibrationSettings());
        for (var minute = 0; minute < 300; minute++)
            history.Add(At(minute), At(minute + 1), [new("a", Traffic.Arm(3, 1000))]);
        var profile = Says(history, 300, CalibrationStanding.Missing, "Stable had one endpoint in the last 300 intervals");
        Assert.Empty(profile.Metrics);
        Assert.Null(profile.MeasuredAt);
        Assert.Equal(300_000, profile.StableLatency.Total);
        Assert.Equal(900, profile.StableErrors);
    }

    [Fact]
    public void Standing_NoEndpointNamed_IsMissing()
    {
        var history = new CalibrationHistory(new CalibrationSettings());
        history.Add(At(0), At(1), []);
        Says(history, 1, CalibrationStanding.Missing, "named no endpoint");
    }

    [Fact]
    public void Standing_OneHalfIdle_IsMissing()
    {
        var history = new CalibrationHistory(new CalibrationSettings());
        for (var minute = 0; minute < 100; minute++)
            history.Add(At(minute), At(minute + 1), [new("a", Traffic.Arm(3, 1000)), new("b", ArmCounts.None)]);
        Says(history, 100, CalibrationStanding.Missing, "both halves");
    }

    [Fact]
    public void Standing_FewBlocks_IsTooShort() =>
        Says(CalibrationHistoryTests.Fed(30), 30, CalibrationStanding.TooShort, "in 29 blocks of a minute; 60 are needed");

    [Fact]
    public void Standing_EnoughBlocks_IsFresh()
    {
        var profile = CalibrationHistoryTests.Fed(61).ProfileAt(At(61));
        Assert.Equal(CalibrationStanding.Fresh, profile.Standing);
        Assert.Null(profile.Reason);
        Assert.Equal(At(61), profile.MeasuredAt);
    }

    [Fact]
    public void Standing_NoiseThatLastsLongerThanTheHistoryCanTell_IsTooShortUntilItCan()
    {
        var history = new CalibrationHistory(new CalibrationSettings { LatencyPercentiles = [] });
        for (var minute = 0; minute < 480; minute++)
        {
            // Each half has its bad quarter of an hour in turn.
            var worse = minute / 15 % 2 == 0;
            history.Add(At(minute), At(minute + 1), CalibrationHistoryTests.Pair(worse ? 30 : 10, 1000, worse ? 10 : 30, 1000));
            if (minute is 100 or 300)
                Says(history, minute + 1, CalibrationStanding.TooShort, "about 360 are needed");
        }

        Assert.Equal(CalibrationStanding.Fresh, history.ProfileAt(At(480)).Standing);
        Assert.InRange(history.ProfileAt(At(480)).Metrics[0].Overdispersion, 50, 300);
    }

    [Fact]
    public void Standing_OldBlocks_IsStaleAndStillKnowsThem()
    {
        var history = CalibrationHistoryTests.Fed(100);
        Assert.Equal(CalibrationStanding.Fresh, history.ProfileAt(At(100 + (7 * 1440))).Standing);
        var profile = Says(history, 100 + (7 * 1440) + 720, CalibrationStanding.Stale, "7.5 days ago; at most 7 days");
        Assert.Equal(100, profile.Metrics[0].Blocks);
    }

    [Fact]
    public void Standing_OneEndpointSinceThen_SaysSo()
    {
        var history = CalibrationHistoryTests.Fed(100);
        for (var minute = 100; minute < 200; minute++)
            history.Add(At(minute), At(minute + 1), [new("a", Traffic.Arm(3, 1000))]);
        Assert.Equal(CalibrationStanding.Fresh, history.ProfileAt(At(200)).Standing);
        Says(history, 200 + (8 * 1440), CalibrationStanding.Stale, "stable had one endpoint only");
    }

    [Fact]
    public void Standing_BlocksOfTheFuture_IsStale() => Says(CalibrationHistoryTests.Fed(100), 40, CalibrationStanding.Stale, "1 hours after now");

    private static CalibrationProfile Says(CalibrationHistory history, int minute, CalibrationStanding standing, string text)
    {
        var profile = history.ProfileAt(At(minute));
        Assert.Equal(standing, profile.Standing);
        Assert.Contains(text, profile.Reason, StringComparison.Ordinal);
        return profile;
    }

    private static DateTimeOffset At(int minute) => CalibrationSimulationTests.At(minute);
}
