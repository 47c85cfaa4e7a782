using MeshCanary.Analysis.Sequential.Bands;
using MeshCanary.Analysis.Sequential.Boundaries;

namespace MeshCanary.Analysis.Tests.Sequential.Bands;

public sealed class BandTests
{
    [Fact]
    public void DistributionBand_KnownHistograms_GivesTheGapAndTheBands()
    {
        var gap = new DistributionBand(0.05, 100).Compare([100, 300, 600], [400, 300, 300]);
        Assert.Equal(0.3, gap.Gap, 1e-12);
        Assert.Equal(0, gap.Bucket);
        Assert.Equal(2 * new EmpiricalProcessBound(0.025, 100).Radius(1000), gap.Allowed, 1e-12);
        Assert.True(gap.IsDifferent);
        Assert.False(new DistributionBand(0.05, 100).Compare([250, 300, 450], [400, 300, 300]).IsDifferent);
        Assert.Equal(-0.3, new DistributionBand(0.05, 100).Compare([400, 300, 300], [100, 300, 600]).Gap, 1e-12);
    }

    [Fact]
    public void DistributionBand_TooFewOrNoValues_AllowsEverything()
    {
        var band = new DistributionBand(0.05, 100);
        Assert.False(band.Compare([0, 99], [99, 0]).IsDifferent);
        Assert.False(band.Compare([0, 0], [99, 0]).IsDifferent);
        Assert.False(band.Compare([], []).IsDifferent);
        Assert.Throws<ArgumentException>(() => band.Compare([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => band.Compare([-1], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DistributionBand(0));
    }

    [Fact]
    public void DistributionBand_EqualDistributions_StaysInside()
    {
        var random = new Random(20260409);
        var (crossed, runs) = (0, 400);
        var band = new DistributionBand(0.05, 100);
        for (var run = 0; run < runs; run++)
        {
            long[] canary = new long[20], stable = new long[20];
            var isOut = false;
            for (var i = 1; i <= 2000 && !isOut; i++)
            {
                canary[random.Next(20)]++;
                stable[random.Next(20)]++;
                isOut = i % 10 == 0 && band.Compare(canary, stable).IsDifferent;
            }

            crossed += isOut ? 1 : 0;
        }

        Assert.True(crossed <= runs * (0.05 + (5 * Math.Sqrt(0.05 * 0.95 / runs))), $"{crossed} of {runs}");
    }

    [Fact]
    public void QuantileSequence_KnownSize_IsTheFormula()
    {
        var sequence = new QuantileSequence(0.9, 0.05);
        var ell = ((1.4 * Math.Log(Math.Log(2100))) + Math.Log(200)) / 1000;
        var offset = (1.5 * Math.Sqrt(0.09 * ell)) + (0.8 * ell);
        Assert.Equal(offset, sequence.Offset(1000), 1e-15);
        var (low, high) = sequence.Ranks(1000);
        Assert.Equal((long)Math.Floor((0.9 - offset) * 1000) + 1, low);
        Assert.Equal((long)Math.Ceiling((0.9 + offset) * 1000), high);
        var sorted = Enumerable.Range(1, 1000).Select(rank => (double)rank).ToArray();
        Assert.Equal((low, high), sequence.Ends(sorted));
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), sequence.Ends([]));
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), sequence.Ends([1.0]));
        Assert.Equal(double.PositiveInfinity, sequence.Offset(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantileSequence(1, 0.05));
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantileSequence(0.5, 0));
    }

    [Fact]
    public void QuantileSequence_UniformValues_CoversTheQuantileForEver()
    {
        var random = new Random(20260410);
        foreach (var p in new[] { 0.5, 0.95 })
        {
            var sequence = new QuantileSequence(p, 0.1);
            var (missed, runs) = (0, 1000);
            for (var run = 0; run < runs; run++)
            {
                // Enough to know how many of t values lie below the true quantile p.
                var (below, isOut) = (0L, false);
                for (var t = 1; t <= 2000 && !isOut; t++)
                {
                    below += random.NextDouble() < p ? 1 : 0;
                    var (low, high) = sequence.Ranks(t);
                    isOut = (low >= 1 && low > below) || (high <= t && high <= below);
                }

                missed += isOut ? 1 : 0;
            }

            Assert.True(missed <= runs * (0.1 + (5 * Math.Sqrt(0.09 / runs))), $"{missed} of {runs} at {p}");
        }
    }
}
