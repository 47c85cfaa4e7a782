using System.Text.Json;
using MathNet.Numerics.Distributions;
using MeshCanary.Analysis.Display;
using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Sequential.Boundaries;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Display;

public sealed class SequenceTests
{
    [Covers("SQ11-normal-mixture-cs")]
    [Fact]
    public void SumSequence_StratifiedDifferences_AgreesWithTheReference()
    {
        var reference = ReferenceCases.Get("SQ11-normal-mixture-cs");
        var sequence = new SumSequence(reference.Inputs.GetProperty("alpha").GetDouble(), reference.Inputs.GetProperty("v_opt").GetDouble());
        var expected = reference.Expected.GetProperty("est_lo_hi").EnumerateArray().Select(ReferenceCase.Numbers).ToArray();
        var place = 0;
        foreach (var block in reference.Inputs.GetProperty("intervals").EnumerateArray().Select(ReferenceCase.Numbers))
        {
            var (nc, xc, nb, xb) = (block[0], block[1], block[2], block[3]);
            var pooled = (xc + xb + 1) / (nc + nb + 2);
            Assert.True(sequence.Observe((xc / nc) - (xb / nb), pooled * (1 - pooled) * ((1 / nc) + (1 / nb)), nc * nb / (nc + nb)));
            var (estimate, low, high) = sequence.Interval();
            reference.Agrees(expected[place][0], estimate, "estimate");
            reference.Agrees(expected[place][1], low, "low");
            reference.Agrees(expected[place++][2], high, "high");
        }
    }

    [Fact]
    public void MeanSequence_KnownValues_IsTheFormulaInAnyUnit()
    {
        double[] values = [3, 5, 4, 8, 1, 7];
        MeanSequence sequence = new(0.05, 20), scaled = new(0.05, 20);
        foreach (var value in values)
            Assert.True(sequence.Observe(value) && scaled.Observe((1e6 * value) + 1e7));
        var deviation = Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / 6);
        var rho = MixtureTuning.TwoSided(20, 0.05);
        var radius = deviation * Math.Sqrt((6 + rho) * (Math.Log(1 + (6 / rho)) + (2 * Math.Log(20)))) / 6;
        var interval = sequence.Interval();
        Assert.Equal(values.Average(), interval.Estimate, 1e-12);
        Assert.Equal(values.Average() - radius, interval.Low, 1e-12);
        Assert.Equal(values.Average() + radius, interval.High, 1e-12);
        Assert.Equal((1e6 * interval.High) + 1e7, scaled.Interval().High, 1e-3);
    }

    [Fact]
    public void Sequences_NothingOrConstantOrBad_BoundNothing()
    {
        var mean = new MeanSequence(0.05);
        Assert.Equal(SequenceInterval.Unknown, mean.Interval());
        Assert.False(mean.Observe(double.NaN));
        Assert.False(mean.Observe(double.PositiveInfinity));
        for (var i = 0; i < 5; i++)
            Assert.True(mean.Observe(7));
        Assert.Equal(new SequenceInterval(7, double.NegativeInfinity, double.PositiveInfinity), mean.Interval());
        Assert.False(mean.Observe(1e200));
        var sum = new SumSequence(0.05, 1);
        Assert.Equal(SequenceInterval.Unknown, sum.Interval());
        Assert.False(sum.Observe(1, -1));
        Assert.False(sum.Observe(1, double.NaN));
        Assert.False(sum.Observe(1, 1, 0));
        Assert.False(sum.Observe(double.NaN, 1));
        Assert.False(sum.Observe(1e300, 1, 1e300));
        Assert.Equal(SequenceInterval.Unknown, sum.Interval());
        Assert.Throws<ArgumentOutOfRangeException>(() => new SumSequence(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeanSequence(0.05, 0));
        Assert.Throws<ArgumentException>(() => sum.Restore(new SumState(0, -1, 0)));
        Assert.Throws<ArgumentException>(() => mean.Restore(new MeanState(-1, 0, 0)));
    }

    [Fact]
    public void Sequences_SavedAndRestored_GoOnAlike()
    {
        var mean = new MeanSequence(0.05);
        var sum = new SumSequence(0.05, 10);
        foreach (var value in new double[] { 1, 5, 2, 8 })
            Assert.True(mean.Observe(value) && sum.Observe(value, 2, 3));
        var (meanAgain, sumAgain) = (new MeanSequence(0.05), new SumSequence(0.05, 10));
        meanAgain.Restore(JsonSerializer.Deserialize<MeanState>(JsonSerializer.Serialize(mean.Save()))!);
        sumAgain.Restore(JsonSerializer.Deserialize<SumState>(JsonSerializer.Serialize(sum.Save()))!);
        Assert.Equal(mean.Interval(), meanAgain.Interval());
        Assert.Equal(sum.Interval(), sumAgain.Interval());
    }

    [Fact]
    public void SumSequence_NormalValuesOfKnownVariance_CoversForEver()
    {
        var random = new Random(20260411);
        var (missed, runs) = (0, 2000);
        for (var run = 0; run < runs; run++)
        {
            var sequence = new SumSequence(0.1, 200);
            var isOut = false;
            for (var i = 0; i < 300 && !isOut; i++)
            {
                var deviation = 1 + (i % 3);
                sequence.Observe(Normal.Sample(random, 5, deviation), deviation * deviation);
                var interval = sequence.Interval();
                isOut = interval.Low > 5 || interval.High < 5;
            }

            missed += isOut ? 1 : 0;
        }

        Assert.True(missed <= runs * (0.1 + (5 * Math.Sqrt(0.09 / runs))), $"{missed} of {runs}");
        Assert.True(missed > 0);
    }

    [Fact]
    public void SumSequence_OneBlock_IsAsWideAsTheDisplayedDifference()
    {
        var difference = new DifferenceSequence();
        difference.Add(new BlockCounts(1000, 20, 1000, 10), 1);
        var interval = difference.Interval(0.05);
        var sequence = new SumSequence(0.05, 50);
        var pooled = 31 / 2002.0;
        sequence.Observe(0.01, pooled * (1 - pooled) * 0.002, 500);
        Assert.Equal(interval.High, sequence.Interval().High, 1e-12);
    }
}
