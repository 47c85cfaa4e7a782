using MeshCanary.Analysis.Kayenta;

namespace MeshCanary.Analysis.Tests.Kayenta;

public sealed class ShiftTests
{
    [Fact]
    public void ApproximateShift_KayentasOwnSuite_AgreesAsTightlyAsItAsserts()
    {
        foreach (var one in KayentaReference.Of("intervals"))
        {
            var pair = new SortedPair(KayentaReference.Sample(one, "control"), KayentaReference.Sample(one, "experiment"));
            var shift = ApproximateShift.Of(pair, one.GetProperty("confidence").GetDouble())!;
            var (ends, estimate) = (one.GetProperty("tolerance").GetDouble(), one.GetProperty("estimateTolerance").GetDouble());
            Assert.InRange(shift.Low - one.GetProperty("low").GetDouble(), -ends, ends);
            Assert.InRange(shift.High - one.GetProperty("high").GetDouble(), -ends, ends);
            Assert.InRange(shift.Estimate - one.GetProperty("estimate").GetDouble(), -estimate, estimate);
        }
    }

    [Fact]
    public void ApproximateShift_NinetySamplesOfEveryScale_AgreesWithR()
    {
        foreach (var one in KayentaReference.FromR("approximate"))
        {
            var pair = new SortedPair(KayentaReference.Numbers(one.GetProperty("y")), KayentaReference.Numbers(one.GetProperty("x")));
            var shift = ApproximateShift.Of(pair, one.GetProperty("confidence").GetDouble())!;
            Close(one.GetProperty("low").GetDouble(), shift.Low, 1e-10);
            Close(one.GetProperty("high").GetDouble(), shift.High, 1e-10);
            Close(one.GetProperty("estimate").GetDouble(), shift.Estimate, 1e-10);
            Close(one.GetProperty("cles").GetDouble(), EffectSizes.Cles(pair), 1e-14);
        }
    }

    [Fact]
    public void ExactShift_SamplesOfEveryScale_AgreesWithRAndRefusesWhatRCannotReach()
    {
        var refused = 0;
        foreach (var one in KayentaReference.FromR("exact"))
        {
            var pair = new SortedPair(KayentaReference.Numbers(one.GetProperty("y")), KayentaReference.Numbers(one.GetProperty("x")));
            var rank = RankSumQuantile.Of(pair.Experiment.Length, pair.Control.Length, (1 - one.GetProperty("confidence").GetDouble()) / 2);
            Assert.Equal(one.GetProperty("attainable").GetBoolean(), rank is not null);
            refused += rank is null ? 1 : 0;
            var shift = ExactShift.Of(pair, rank ?? 1);
            Assert.Equal(one.GetProperty("low").GetDouble(), shift.Low);
            Assert.Equal(one.GetProperty("high").GetDouble(), shift.High);
            Close(one.GetProperty("estimate").GetDouble(), shift.Estimate, 1e-14);
        }

        Assert.InRange(refused, 1, 10);
    }

    [Fact]
    public void RankSumQuantile_CountedAndApproximated_AgreesWithR()
    {
        foreach (var one in KayentaReference.FromR("ranks"))
            Assert.Equal(one[3].GetInt64(), RankSumQuantile.Of(one[0].GetInt32(), one[1].GetInt32(), one[2].GetDouble()) ?? 0);

        // Beyond the counted pairs the normal approximation is off by a few ranks of thousands.
        foreach (var one in KayentaReference.FromR("largeRanks"))
            Assert.InRange(RankSumQuantile.Of(one[0].GetInt32(), one[1].GetInt32(), one[2].GetDouble())!.Value - one[3].GetInt64(), -4, 4);
    }

    [Fact]
    public void ExactShift_AnyScale_ScalesWithTheData()
    {
        var pair = (Control: KayentaReference.Sample("otherTen"), Experiment: KayentaReference.Sample("twenty"));
        var plain = Exact(pair.Control, pair.Experiment);
        foreach (var power in new[] { -300, -40, -1, 1, 40, 300 })
        {
            var factor = Math.Pow(2, power);
            var scaled = Exact(Array.ConvertAll(pair.Control, value => value * factor), Array.ConvertAll(pair.Experiment, value => value * factor));
            Assert.Equal(plain with { Low = plain.Low * factor, High = plain.High * factor, Estimate = plain.Estimate * factor }, scaled);
        }
    }

    [Fact]
    public void ExactShift_ArmsSwapped_IsMirrored()
    {
        var (control, experiment) = (KayentaReference.Sample("tiedControl"), KayentaReference.Sample("tied"));
        var (there, back) = (Exact(control, experiment), Exact(experiment, control));
        Assert.Equal(new ShiftInterval(-back.High, -back.Low, -back.Estimate), there);
    }

    [Fact]
    public void Cles_KayentasOwnSuite_Agrees()
    {
        foreach (var one in KayentaReference.Of("cles"))
        {
            var tolerance = one.GetProperty("tolerance").GetDouble();
            var cles = EffectSizes.Cles(new SortedPair(KayentaReference.Sample(one, "control"), KayentaReference.Sample(one, "experiment")));
            Assert.InRange(cles - one.GetProperty("value").GetDouble(), -tolerance, tolerance);
        }
    }

    [Fact]
    public void BrentZero_EndsAndSmoothFunction_FindsTheZero()
    {
        static double Cubic(double x) => (x * x * x) - 2;
        Assert.Equal(1.0, BrentZero.Solve(_ => throw new InvalidOperationException(), 1, 2, 0, 5, 1e-4));
        Assert.Equal(2.0, BrentZero.Solve(_ => throw new InvalidOperationException(), 1, 2, 5, 0, 1e-4));
        Assert.InRange(BrentZero.Solve(Cubic, 0, 5, Cubic(0), Cubic(5), 1e-12) - Math.Cbrt(2), -1e-12, 1e-12);
    }

    private static ShiftInterval Exact(double[] control, double[] experiment) =>
        ExactShift.Of(new SortedPair(control, experiment), RankSumQuantile.Of(experiment.Length, control.Length, 0.01)!.Value);

    private static void Close(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");
}
