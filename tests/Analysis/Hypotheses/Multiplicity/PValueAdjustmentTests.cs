using MeshCanary.Analysis.Hypotheses.Multiplicity;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Hypotheses.Multiplicity;

public sealed class PValueAdjustmentTests
{
    [Fact]
    [Covers("MT01-bh1995")]
    public void Adjustments_ReferenceCase_Agree()
    {
        var reference = ReferenceCases.Get("MT01-bh1995");
        var values = ReferenceCase.Numbers(reference.Inputs.GetProperty("p"));
        reference.Agrees("holm", PValueAdjustment.Holm(values));
        reference.Agrees("BH", PValueAdjustment.BenjaminiHochberg(values));
        reference.Agrees("BY", PValueAdjustment.BenjaminiYekutieli(values));
        reference.Agrees("bonferroni", PValueAdjustment.Bonferroni(values));
    }

    [Fact]
    public void Adjustments_ManyFamilies_AgreeWithR()
    {
        foreach (var one in MeansReference.Cases("adjust"))
        {
            var values = MeansReference.Numbers(one, "p");
            Same(MeansReference.Numbers(one, "holm"), PValueAdjustment.Holm(values));
            Same(MeansReference.Numbers(one, "BH"), PValueAdjustment.BenjaminiHochberg(values));
            Same(MeansReference.Numbers(one, "BY"), PValueAdjustment.BenjaminiYekutieli(values));
            Same(MeansReference.Numbers(one, "bonferroni"), PValueAdjustment.Bonferroni(values));
        }
    }

    [Fact]
    public void Adjustments_OfNothing_AreNothing() => Assert.Empty(PValueAdjustment.Holm([]));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void Adjustments_NotAPValue_IsRefused(double value)
    {
        Assert.Contains("Value 1", Assert.Throws<ArgumentException>(() => PValueAdjustment.Holm([0.1, value])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PValueAdjustment.Bonferroni([value]));
        Assert.Throws<ArgumentException>(() => PValueAdjustment.BenjaminiHochberg([value]));
    }

    private static void Same(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            MeansReference.Near(expected[i], actual[i], 1e-12);
    }
}
