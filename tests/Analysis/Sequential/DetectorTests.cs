using System.Text.Json;
using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Sequential;

public sealed class DetectorTests
{
    private static readonly double[] Rates = [0.3, 0.5, 0.9];

    [Covers("SQ09-e-detector")]
    [Theory]
    [InlineData(DetectorKind.ShiryaevRoberts, "shiryaev_roberts")]
    [InlineData(DetectorKind.Cusum, "cusum")]
    public void EDetector_ReferenceCase_Agrees(DetectorKind kind, string name)
    {
        var reference = ReferenceCases.Get("SQ09-e-detector");
        var detector = new EDetector(kind, 0.05, 1);
        reference.Agrees(name, ReferenceCase.Numbers(reference.Inputs.GetProperty("e")).Select(e =>
        {
            Assert.True(detector.Observe(Math.Log(e)));
            return Math.Exp(detector.LogEvidence);
        }));
        Assert.True(detector.HasAlarmed);
    }

    /// <summary>All outcomes of eight coins: E[SR_t] = t, and CUSUM below it.</summary>
    [Fact]
    public void EDetector_AllOutcomesWithoutChange_ExpectationIsTheTime()
    {
        const int T = 8;
        const double Null = 0.2;
        double[] roberts = new double[T], cusum = new double[T];
        for (var outcome = 0; outcome < 1 << T; outcome++)
        {
            EDetector sr = new(DetectorKind.ShiryaevRoberts, 0.01, 1, 2, 1), cu = new(DetectorKind.Cusum, 0.01, 1, 2, 1);
            var ones = System.Numerics.BitOperations.PopCount((uint)outcome);
            var probability = Math.Pow(Null, ones) * Math.Pow(1 - Null, T - ones);
            for (var t = 0; t < T; t++)
            {
                var logs = Values(outcome >> t & 1, Null);
                Assert.True(sr.Observe(logs) && cu.Observe(logs));
                Assert.True(cu.LogEvidence <= sr.LogEvidence + 1e-12);
                roberts[t] += probability * Math.Exp(sr.LogEvidence);
                cusum[t] += probability * Math.Exp(cu.LogEvidence);
            }
        }

        for (var t = 0; t < T; t++)
        {
            Assert.Equal(t + 1, roberts[t], 1e-9);
            Assert.True(cusum[t] <= t + 1 + 1e-9);
        }
    }

    [Theory]
    [InlineData(DetectorKind.ShiryaevRoberts)]
    [InlineData(DetectorKind.Cusum)]
    public void EDetector_NoChange_RunsAtLeastOneOverAlpha(DetectorKind kind)
    {
        var random = new Random(20260403);
        var (runs, total, squares, early) = (1500, 0.0, 0.0, 0);
        for (var run = 0; run < runs; run++)
        {
            var detector = new EDetector(kind, 0.02, 1, 1, 1);
            var time = 0;
            while (!detector.HasAlarmed && time < 5000)
            {
                time++;
                detector.Observe(Values(random.NextDouble() < 0.2 ? 1 : 0, 0.2));
            }

            total += time;
            squares += (double)time * time;
            early += time <= 10 ? 1 : 0;
        }

        var mean = total / runs;
        var error = Math.Sqrt(((squares / runs) - (mean * mean)) / runs);
        Assert.True(mean >= 50 - (5 * error), $"average run length {mean}");

        // P(alarm within 10) ≤ 10·0.02.
        Assert.True((double)early / runs <= 0.2 + (5 * Math.Sqrt(0.16 / runs)), $"{early} early alarms of {runs}");
    }

    [Fact]
    public void EDetector_ValuesAndStates_AreCheckedAndKept()
    {
        var detector = new EDetector(DetectorKind.ShiryaevRoberts, 0.1, 1, 3);
        Assert.Equal(double.NegativeInfinity, detector.LogEvidence);
        var empty = JsonSerializer.Deserialize<DetectorState>(JsonSerializer.Serialize(detector.Save()))!;
        Assert.False(detector.Observe(double.NaN, 0));
        Assert.False(detector.Observe(0, double.PositiveInfinity));
        Assert.Equal(double.NegativeInfinity, detector.LogEvidence);
        Assert.Throws<ArgumentException>(() => detector.Observe(1));
        Assert.True(detector.Observe(double.NegativeInfinity, 0));
        Assert.Equal(Math.Log(0.75), detector.LogEvidence, 1e-12);
        var again = new EDetector(DetectorKind.ShiryaevRoberts, 0.1, 1, 3);
        again.Restore(JsonSerializer.Deserialize<DetectorState>(JsonSerializer.Serialize(detector.Save()))!);
        Assert.True(detector.Observe(800, 1) && again.Observe(800, 1));
        Assert.Equal((detector.LogEvidence, detector.Highest), (again.LogEvidence, again.Highest));
        Assert.True(detector.Observe(-2000, -2000) && detector.HasAlarmed);
        again.Restore(empty);
        Assert.False(again.HasAlarmed);
        Assert.Throws<ArgumentException>(() => again.Restore(new DetectorState { Logs = [1], Highest = 0 }));
        Assert.Throws<ArgumentException>(() => new EDetector(DetectorKind.Cusum, 0.1));
        Assert.Throws<ArgumentException>(() => new EDetector(DetectorKind.Cusum, 0.1, 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EDetector(DetectorKind.Cusum, 0, 1));
    }

    private static double[] Values(int one, double rate) =>
        [.. Rates.Select(other => Math.Log(one == 1 ? other / rate : (1 - other) / (1 - rate)))];
}
