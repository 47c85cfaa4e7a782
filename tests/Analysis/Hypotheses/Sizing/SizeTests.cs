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

    /// <summary>
    /// Far critical values of few degrees of freedom, where the normal tail falls within a thousandth of u. By adaptive quadrature
    /// in R; R's own noncentral t is only approximate beyond δ = 37.6.
    /// </summary>
    [Theory]
    [InlineData(3.0261098139586213, 0.048102815951454776, 2.0475794559615323, 9.718041044189455E-07, 0.011203597717018883)]
    [InlineData(20, 1, 3, 1e-6, 0.15442080182112364)]
    [InlineData(30, 1, 2, 1e-4, 0.16488181063889013)]
    [InlineData(1, 1, 10, 0.05, 0.69355749193665972)]
    public void MeanSize_FewValuesAtASmallLevel_HasThePowerOfQuadrature(double difference, double deviation, double perArm, double alpha, double power) =>
        Assert.Equal(power, MeanSize.Power(difference, deviation, perArm, alpha, Alternative.Greater), 1e-10);

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
