using MeshCanary.Analysis.Calibration;

namespace MeshCanary.Analysis.Tests.Calibration;

/// <summary>What φ comes out of known noise, on seeded traffic.</summary>
public sealed class CalibrationSimulationTests
{
    private static readonly DateTimeOffset Origin = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.005, 6000)]
    [InlineData(0.2, 60)]
    [InlineData(0.002, 60)]
    public void Phi_IndependentRequestsForADay_IsNearOneHoweverFewTheEvents(double rate, long requests)
    {
        var days = Enumerable.Range(0, 20).Select(seed => Day(new NoisyStable(seed) { ErrorRate = rate, Requests = requests })).ToArray();
        Assert.InRange(days.Average(phi => phi.Value), 1.0, 1.3);
        Assert.All(days, phi => Assert.InRange(phi.Value, 1, 2.2));
    }

    [Fact]
    public void Phi_IndependentMinutesOfNoise_IsWhatTheFormulaSays()
    {
        // 1 + n·noise²·p/(1 − p) = 1 + 6000·0.09·0.005/0.995 = 3.71.
        var days = Enumerable.Range(0, 20).Select(seed => Day(new NoisyStable(seed, errorNoise: 0.3))).ToArray();
        Assert.InRange(days.Average(phi => phi.Uncorrected), 3.6, 4.6);
        Assert.InRange(days.Average(phi => phi.Value), 3.7, 4.9);
    }

    [Fact]
    public void Phi_PersistentNoise_IsSeenByTheLongBatches()
    {
        // The excess of 2.71 is multiplied by 19 − 180(1 − 0.9^B)/B in batches of B: by 13.3 at B = 30, by 19 at last.
        var weeks = Enumerable.Range(0, 6).Select(seed => Watch(new NoisyStable(seed, errorNoise: 0.3, persistence: 0.9), 7 * 1440)).ToArray();
        Assert.InRange(weeks.Average(phi => phi.Uncorrected), 1 + (2.71 * 11), 1 + (2.71 * 16));
        Assert.All(weeks, phi => Assert.Equal(30, phi.BatchMinutes));
    }

    [Fact]
    public void History_LatencyNoiseOfADay_GivesThePagesFigures()
    {
        var history = new CalibrationHistory(new CalibrationSettings());
        var noise = new NoisyStable(7, latencyNoise: 0.03) { ErrorRate = 0 };
        for (var minute = 0; minute < 1440; minute++)
            Assert.True(history.Add(At(minute), At(minute + 1), noise.Minute()));
        var profile = history.ProfileAt(At(1440));
        Assert.Equal(CalibrationStanding.Fresh, profile.Standing);
        Assert.Equal(["errors", "latencyP50", "latencyP90", "latencyP99"], profile.Metrics.Select(metric => metric.Metric));
        Assert.Equal(4, profile.Metrics[0].Overdispersion); // Never an error: nothing is known of them.
        Assert.Equal((0, 1440), (profile.Metrics[0].Blocks, profile.Metrics[0].ComparedBlocks));
        Assert.InRange(profile.Metrics[1].Uncorrected, 8.2 * 0.75, 8.2 * 1.35);
        Assert.InRange(profile.Metrics[2].Uncorrected, 4.9 * 0.75, 4.9 * 1.35);
        Assert.InRange(profile.Metrics[3].Uncorrected, 1.8 * 0.75, 1.8 * 1.35);
        Assert.All(profile.Metrics[1..], metric => Assert.InRange(metric.Overdispersion / metric.Uncorrected, 1.0, 1.11));
        Assert.All(profile.Metrics, metric => Assert.Equal(6000, metric.BlockRequests, 1e-6));
        Assert.InRange(profile.Metrics[1].EdgeSeconds!.Value, 0.075, 0.085);
    }

    [Fact]
    public void Tempered_PhiFromADay_KeepsItsFalseAlarmRateOnAverage()
    {
        // α^(φ̂/φ) averaged over days of calibration, for noise that shows within a batch.
        var rates = Enumerable.Range(0, 60).Select(seed => Math.Pow(0.01, Day(new NoisyStable(seed, errorNoise: 0.3)).Value / 3.71));
        Assert.InRange(rates.Average(), 0, 0.01);
    }

    [Fact]
    public void Online_IndependentRequests_FallsFromFourTowardsOne()
    {
        var online = new OnlineOverdispersion();
        Assert.Equal(4, online.Value);
        var noise = new NoisyStable(3);
        for (var minute = 0; minute < 24; minute++)
            online.Add(noise.Errors(), At(minute), At(minute + 1));
        Assert.InRange(online.Value, 1.3, 2.4);
        for (var minute = 24; minute < 300; minute++)
            online.Add(noise.Errors(), At(minute), At(minute + 1));
        Assert.InRange(online.Value, 1, 1.8);
    }

    [Fact]
    public void Online_PersistentNoise_RisesWithTheLongBatches()
    {
        var online = new OnlineOverdispersion();
        var noise = new NoisyStable(3, errorNoise: 0.3, persistence: 0.9);
        for (var minute = 0; minute < 300; minute++)
            online.Add(noise.Errors(), At(minute), At(minute + 1));
        Assert.InRange(online.Value, 10, 80);
    }

    internal static DateTimeOffset At(int minute) => Origin.AddMinutes(minute);

    private static PhiEstimate Day(NoisyStable noise) => Watch(noise, 1440);

    private static PhiEstimate Watch(NoisyStable noise, int minutes)
    {
        var phi = new PhiEstimator();
        for (var minute = 0; minute < minutes; minute++)
            phi.Add(noise.Errors(), At(minute), At(minute + 1));
        return PhiEstimate.From(phi.Sums);
    }
}
