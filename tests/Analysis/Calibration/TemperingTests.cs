using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Calibration;

/// <summary>The whole purpose: evidence divided by a calibrated φ against the same evidence without.</summary>
public sealed class TemperingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    public void Evidence_MinuteNoiseOfADayAgo_IsHonestOnlyWhenTempered(double persistence)
    {
        // 60 hours of A/A at α = 1 % without margins: more than 4 alarms have probability below 0.1 %.
        var (tempered, plain) = (0, 0);
        for (var seed = 0; seed < 60; seed++)
        {
            var noise = new NoisyStable(seed, 0.3, persistence: persistence);
            var phi = new PhiEstimator();
            for (var minute = 0; minute < 1440; minute++)
                phi.Add(noise.Errors(), CalibrationSimulationTests.At(minute), CalibrationSimulationTests.At(minute + 1));
            tempered += Alarms(seed, persistence, PhiEstimate.From(phi.Sums).Value) ? 1 : 0;
            plain += Alarms(seed, persistence, 1) ? 1 : 0;
        }

        Assert.InRange(tempered, 0, 4);
        Assert.InRange(plain, 25, 60);
    }

    private static bool Alarms(int seed, double persistence, double phi)
    {
        var random = new Random(seed + 50_000);
        var live = new NoisyStable(seed + 50_000, 0.3, persistence: persistence);
        var process = new EvidenceProcess(Claim.Regression, Margin.None, new StartPrior(0.5, 360));
        var (n, x) = (0L, 0L);
        for (var minute = 0; minute < 60; minute++)
        {
            var block = live.Errors();
            var (c, s) = (block.FirstEvents, block.SecondEvents);
            for (var part = 6; part >= 1; part--)
            {
                // Events of a minute fall into its six intervals at random.
                var (xc, xs) = (BinomialSampler.Next(random, c, 1.0 / part), BinomialSampler.Next(random, s, 1.0 / part));
                (c, s) = (c - xc, s - xs);
                process.Observe(new BlockCounts(1000, xc, 1000, xs), (x + 1) / (n + (1 / 0.005)), phi);
                (n, x) = (n + 1000, x + xs);
            }
        }

        return process.Highest >= Math.Log(100);
    }
}
