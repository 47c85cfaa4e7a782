using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Sizing;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Hypotheses.Sizing;

public sealed class SizeTests
{
    [Fact]
    [Covers("PW01")]
    public void Sizes_ReferenceCase_Agree() => ReferenceCases.Get("PW01").Agrees("n_per_group",
    [
        ProportionSize.PerArm(0.5, 0.75, power: 0.9),
        ProportionSize.PerArm(0.005, 0.006),
        ProportionSize.PerArm(0.005, 0.015),
        ProportionSize.PerArm(0.005, 0.055),
        MeanSize.PerArm(1, 1, power: 0.9),
    ]);

    [Fact]
    public void ProportionSize_ManyCases_AgreeWithR()
    {
        foreach (var one in MeansReference.Cases("powerProp"))
        {
            double Of(string name) => MeansReference.Number(one, name);
            var alternative = one.GetProperty("two").GetBoolean() ? Alternative.TwoSided : Alternative.Greater;
            MeansReference.Near(Of("n"), ProportionSize.PerArm(Of("p1"), Of("p2"), Of("alpha"), Of("power"), alternative), 1e-6);
            MeansReference.Near(Of("power500"), ProportionSize.Power(Of("p1"), Of("p2"), 500, Of("alpha"), alternative), 1e-9);
        }
    }

    [Fact]
    public void MeanSize_ManyCases_AgreeWithR()
    {
        foreach (var one in MeansReference.Cases("powerT"))
        {
            double Of(string name) => MeansReference.Number(one, name);
            var alternative = one.GetProperty("two").GetBoolean() ? Alternative.TwoSided : Alternative.Greater;
            MeansReference.Near(Of("n"), MeanSize.PerArm(Of("delta"), Of("sd"), Of("alpha"), Of("power"), alternative), 1e-6);
            MeansReference.Near(Of("power7.5"), MeanSize.Power(Of("delta"), Of("sd"), 7.5, Of("alpha"), alternative), 1e-8);
        }
    }

    [Fact]
    public void Sizes_NoDifference_NeedForever()
    {
        Assert.Equal(double.PositiveInfinity, ProportionSize.PerArm(0.1, 0.1));
        Assert.Equal(double.PositiveInfinity, MeanSize.PerArm(0, 1));
        Assert.Equal(0.025, ProportionSize.Power(0.1, 0.1, 100), 1e-12);
    }

    [Fact]
    public void Sizes_HugeDifference_NeedTheLeast()
    {
        Assert.Equal(2, MeanSize.PerArm(1e6, 1));
        Assert.InRange(ProportionSize.PerArm(0, 1), 0, 10);
        Assert.Equal(1, ProportionSize.Power(0, 1, 10));
    }

    [Fact]
    public void Power_MoreValues_IsHigher()
    {
        var powers = new[] { 2, 5, 10, 100, 1e4, 1e9 }.Select(n => MeanSize.Power(0.1, 1, n)).ToArray();
        Assert.Equal(powers.Order(), powers);
        Assert.Equal(1, powers[^1], 1e-12);
    }

    [Theory]
    [InlineData(-0.1, 0.5, 0.05, 0.8)]
    [InlineData(0.1, 1.5, 0.05, 0.8)]
    [InlineData(double.NaN, 0.5, 0.05, 0.8)]
    [InlineData(0.1, 0.5, 0, 0.8)]
    [InlineData(0.1, 0.5, 0.05, 1)]
    public void ProportionSize_OutsideItsRange_IsRefused(double first, double second, double alpha, double power) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ProportionSize.PerArm(first, second, alpha, power));

    [Fact]
    public void MeanSize_OutsideItsRange_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MeanSize.PerArm(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => MeanSize.PerArm(double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MeanSize.Power(1, 1, 1));
    }
}
