using MathNet.Numerics;
using MeshCanary.Analysis.Numerics;
using MeshCanary.Analysis.Tests.Reference;
using Distributions = MathNet.Numerics.Distributions;

namespace MeshCanary.Analysis.Tests.Numerics;

/// <summary>
/// Where MathNet loses digits ours are right, and where we rely on MathNet it is right too. A newer version that has mended
/// a trap fails the test that names it, which is the time to ask whether our own function is still needed.
/// </summary>
public sealed class MathNetTrapTests
{
    [Covers("NM01-beta-symmetric")]
    [Fact]
    public void BetaTail_SymmetricHugeParameters_IsAHalf()
    {
        var reference = ReferenceCases.Get("NM01-beta-symmetric");
        reference.Agrees("value", ReferenceCase.Numbers(reference.Inputs.GetProperty("a_equals_b")).Select(a => BetaTail.Lower(0.5, a, a)));
        Assert.True(Math.Abs(SpecialFunctions.BetaRegularized(1e7, 1e7, 0.5) - 0.5) > 1e-9, "mathnet-numerics#491");
    }

    [Covers("NM02-normal-tails")]
    [Fact]
    public void NormalTail_WhereOneMinusTheDistributionFunctionIsZero_Agrees()
    {
        var reference = ReferenceCases.Get("NM02-normal-tails");
        var scores = ReferenceCase.Numbers(reference.Inputs.GetProperty("z"));
        reference.Agrees("sf", scores.Select(NormalTail.Upper));
        reference.Agrees("log_sf", scores.Select(NormalTail.LogUpper));
        Assert.Equal(0, 1 - Distributions.Normal.CDF(0, 1, 12));
    }

    [Fact]
    public void BinomialTail_FarUpperTail_KeepsItsDigits()
    {
        Assert.Equal(1, BinomialTail.Upper(900, 1000, 0.5) / 6.7017177900063219e-162, 12);
        Assert.True(1 - Distributions.Binomial.CDF(0.5, 1000, 899) <= 0, "mathnet-numerics#354");
    }

    [Fact]
    public void BinomialTail_MillionTrials_HasNineDigits()
    {
        // By symmetry P(X ≤ n/2) = ½ + ½ P(X = n/2), and the middle term is known from Stirling's formula.
        var exact = 0.5 + (0.5 * Math.Exp(BinomialTail.LogProbability(500_000, 1_000_000, 0.5)));
        Assert.Equal(exact, BinomialTail.Lower(500_000, 1_000_000, 0.5), 13);
        Assert.True(Math.Abs(Distributions.Binomial.CDF(0.5, 1_000_000, 500_000) - exact) > 1e-10, "mathnet-numerics#497");
    }

    [Fact]
    public void Hypergeometric_BothTailsOfALargeTable_AddUpAndKeepTheirDigits()
    {
        var table = new Hypergeometric(10_000_000, 10_000_000, 50_000);
        Assert.Equal(table.Lower(24_000), table.Upper(26_000), 12);
        Assert.Equal(1, table.Lower(24_000) / 1.742797941132597e-19, 12);
        Assert.Equal(1, table.Lower(26_000));
        Assert.True(1 - Distributions.Hypergeometric.CDF(20_000_000, 50_000, 10_000_000, 26_000) > 1e-9, "mathnet-numerics#679");
    }

    [Fact]
    public void ChiSquaredTail_QuantileOfASmallShape_IsFound()
    {
        var x = ChiSquaredTail.LowerQuantile(0.01, 0.1);
        Assert.Equal(1, ChiSquaredTail.Lower(x, 0.1) / 0.01, 12);
        Assert.True(x < 1e-39);
        Assert.True(Distributions.ChiSquared.InvCDF(0.1, 0.01) > 1e-16, "mathnet-numerics#1157");
    }

    [Fact]
    public void StudentTail_ManyDegrees_ApproachesNormal()
    {
        // First term of the expansion about the normal tail: φ(t)(t³ + t)/(4ν).
        var expected = NormalTail.Upper(3) + (Math.Exp(-4.5) / Math.Sqrt(2 * Math.PI) * 30 / 4e12);
        Assert.Equal(1, StudentTail.Upper(3, 1e12) / expected, 12);
        Assert.True(Math.Abs((Distributions.StudentT.CDF(0, 1, 1e12, -3) / expected) - 1) > 1e-6);
    }

    [Fact]
    public void LogGamma_ChooseFewOfMany_DoesNotCancel()
    {
        // ln C(n, 7) as the sum of seven logarithms.
        var exact = Enumerable.Range(0, 7).Sum(i => Math.Log((2_000_000_000.0 - i) / (i + 1)));
        Assert.Equal(exact, LogGamma.Choose(2_000_000_000, 7), 11);
        Assert.True(Math.Abs(SpecialFunctions.BinomialLn(2_000_000_000, 7) - exact) > 1e-7);
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(-0.5)]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4.999)]
    public void MathNetErfc_WhereWeUseIt_FitsTheContinuedFraction(double z)
    {
        // Mills' ratio by its own series: Φ(z) − ½ = φ(z) Σ z^(2k+1)/(1·3·5···(2k+1)), all terms of one sign.
        var (term, sum) = (z, z);
        for (var k = 1; k < 200; k++)
        {
            term *= z * z / ((2 * k) + 1);
            sum += term;
        }

        var upper = 0.5 - (sum * Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI));
        Assert.Equal(upper, 0.5 * SpecialFunctions.Erfc(z / Math.Sqrt(2)), 14);
    }

    [Fact]
    public void MathNetErfInv_WhereWeUseIt_InvertsOurTail()
    {
        for (var p = 0.251; p <= 0.5; p += 0.001)
            Assert.Equal(p, NormalTail.Upper(Math.Sqrt(2) * SpecialFunctions.ErfInv(1 - (2 * p))), 15);
    }
}
