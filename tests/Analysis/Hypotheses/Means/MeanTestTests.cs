using CsCheck;
using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Means;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Hypotheses.Means;

public sealed class MeanTestTests
{
    private static TwoSamples Data(double[] canary, double[] stable) => new(canary, stable);

    [Fact]
    [Covers("WT01-sleep")]
    public void Welch_ReferenceCase_Agrees()
    {
        var reference = ReferenceCases.Get("WT01-sleep");
        var result = WelchTest.Instance.Test(
            Data(ReferenceCase.Numbers(reference.Inputs.GetProperty("x")), ReferenceCase.Numbers(reference.Inputs.GetProperty("y"))), TestOptions.Default);
        reference.Agrees(reference.Expected.GetProperty("t").GetDouble(), result.Statistic!.Value, "t");
        reference.Agrees(reference.Expected.GetProperty("p").GetDouble(), result.PValue!.Value, "p");
        reference.Agrees("ci95", [result.Effect!.Low, result.Effect.High]);
    }

    // R subtracts rounded means: where values are a billion times their spread, its own last digits are gone.
    private const double Tolerance = 1e-6;

    [Fact]
    public void BothTests_ManySamples_AgreeWithR()
    {
        foreach (var one in MeansReference.Cases("t"))
        {
            var data = Data(MeansReference.Numbers(one, "x"), MeansReference.Numbers(one, "y"));
            IHypothesisTest<TwoSamples> test = one.GetProperty("pooled").GetBoolean() ? PooledTest.Instance : WelchTest.Instance;
            var two = test.Test(data, new TestOptions { Confidence = 0.99 });
            MeansReference.Near(MeansReference.Number(one, "t"), two.Statistic, Tolerance);
            MeansReference.Near(MeansReference.Number(one, "two"), two.PValue, Tolerance);
            MeansReference.Near(MeansReference.Number(one, "low99"), two.Effect?.Low, Tolerance);
            MeansReference.Near(MeansReference.Number(one, "high99"), two.Effect?.High, Tolerance);
            MeansReference.Near(MeansReference.Number(one, "greater"), test.Test(data, new TestOptions { Alternative = Alternative.Greater }).PValue, Tolerance);
            MeansReference.Near(MeansReference.Number(one, "less"), test.Test(data, new TestOptions { Alternative = Alternative.Less }).PValue, Tolerance);
        }
    }

    [Fact]
    public void BothTests_AnyScaleAndShift_GiveTheSameT() =>
        Gen.Select(Gen.Double[-1, 1].Array[3, 9], Gen.Double[-1, 1].Array[3, 9], Gen.Int[-900, 900]).Sample((canary, stable, exponent) =>
        {
            var plain = WelchTest.Instance.Test(Data(canary, stable), TestOptions.Default);
            var scaled = WelchTest.Instance.Test(Data(Scaled(canary, exponent), Scaled(stable, exponent)), TestOptions.Default);
            return plain.PValue is not { } p || Math.Abs(p - scaled.PValue!.Value) < 1e-9;
        });

    [Theory]
    [InlineData("2 values", new double[] { 1 }, new double[] { 1, 2 })]
    [InlineData("2 values", new double[] { 1, 2 }, new double[0])]
    [InlineData("NaN or infinite", new double[] { 1, double.NaN }, new double[] { 1, 2 })]
    [InlineData("NaN or infinite", new double[] { 1, 2 }, new double[] { 1, double.PositiveInfinity })]
    [InlineData("Neither arm varies", new double[] { 3, 3 }, new double[] { 3, 3, 3 })]
    [InlineData("Neither arm varies", new double[] { 3, 3 }, new double[] { 4, 4, 4 })]
    public void BothTests_DataWithoutAnAnswer_SayWhy(string why, double[] canary, double[] stable)
    {
        foreach (IHypothesisTest<TwoSamples> test in new IHypothesisTest<TwoSamples>[] { WelchTest.Instance, PooledTest.Instance })
        {
            var result = test.Test(Data(canary, stable), TestOptions.Default);
            Assert.Null(result.PValue);
            Assert.Null(result.Effect);
            Assert.Contains(why, result.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Welch_SmallDifferenceOfLargeValues_KeepsItsDigits()
    {
        double[] canary = [0.25, 1.5, -0.75, 2], stable = [0.5, -1.25, 0.125];
        var near = WelchTest.Instance.Test(Data(canary, stable), TestOptions.Default).Statistic!.Value;
        var far = WelchTest.Instance.Test(Data(Array.ConvertAll(canary, value => value + 1e12), Array.ConvertAll(stable, value => value + 1e12)), TestOptions.Default).Statistic!.Value;
        Assert.Equal(near, far, 1e-12);
    }

    [Fact]
    public void Welch_OneConstantArm_UsesTheOther() =>
        Assert.InRange(WelchTest.Instance.Test(Data([5, 5, 5], [1, 2, 3, 4]), TestOptions.Default).PValue!.Value, 0.01, 0.05);

    [Fact]
    public void Welch_ConfidenceOutsideItsRange_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WelchTest.Instance.Test(Data([1, 2], [1, 3]), new TestOptions { Confidence = 1 }));

    private static double[] Scaled(double[] values, int exponent) => Array.ConvertAll(values, value => Math.ScaleB(value, exponent));
}
