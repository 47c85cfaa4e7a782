using System.Text.Json;
using CsCheck;
using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Sequential.Betting;
using MeshCanary.Analysis.Sequential.Watching;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Sequential;

/// <summary>Worked values of scipy beyond the common reference file.</summary>
public sealed class CrossCheckTests
{
    [Fact]
    public void ConditionalEValue_RandomTables_AgreeWithTheFullSum()
    {
        foreach (var one in Cases("conditional").Select(ReferenceCase.Numbers))
        {
            // lnΓ of the reference carries some 1e-10 at these sizes.
            var log = ConditionalEValue.Log((long)one[0], (long)one[1], (long)one[2], (long)one[3], one[4]);
            OwnCases.Near(one[5], log, 1e-9, $"({one[0]}, {one[1]}, {one[2]}, {one[3]}) at {one[4]}", 1e-8);
        }
    }

    [Theory]
    [InlineData(3_000_000, 902_000, 2_000_000, 598_000, 0.005)]
    [InlineData(3_000_000, 900_000, 2_000_000, 600_000, 3)]
    [InlineData(1_000_000_000, 400_000, 50_000_000, 20_000, -1)]
    [InlineData(60, 50, 1_000_000, 999_990, 2)]
    public void ConditionalEValue_ManyEvents_AgreesWithTheRatioOfFullDistributions(long nc, long xc, long nb, long xb, double psi)
    {
        // e is the noncentral over the central probability of the table; both distributions are summed in full.
        var least = Math.Max(0, xc + xb - nb);
        var noncentral = ConditionalEValue.Distribution(nc, nb, xc + xb, psi);
        var central = ConditionalEValue.Distribution(nc, nb, xc + xb, 0);
        var (top, bottom) = (noncentral[xc - least], central[xc - least]);
        var log = ConditionalEValue.Log(nc, xc, nb, xb, psi);
        if (top > 1e-290 && bottom > 1e-290)
            OwnCases.Near(Math.Log(top / bottom), log, 1e-8, "ln e", 1e-6);
        else
            Assert.True(log < -100, $"ln e = {log}");
    }

    [Fact]
    public void ConditionalEValue_SwappedArmsOrOutcomes_IsTheSame() =>
        Gen.Select(Gen.Double[0, 9], Gen.Double[0, 9], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[-6, 6]).Sample((logC, logB, shareC, shareB, psi) =>
        {
            var (nc, nb) = ((long)Math.Pow(10, logC), (long)Math.Pow(10, logB));
            var (xc, xb) = ((long)Math.Min(nc * shareC, 1e6), (long)Math.Min(nb * shareB, 1e6));
            var log = ConditionalEValue.Log(nc, xc, nb, xb, psi);
            Assert.True(double.IsFinite(log));
            OwnCases.Near(log, ConditionalEValue.Log(nb, xb, nc, xc, -psi), 1e-9, "swapped arms", 1e-7);
            OwnCases.Near(log, ConditionalEValue.Log(nc, nc - xc, nb, nb - xb, -psi), 1e-9, "swapped outcomes", 1e-7);
        }, iter: 300);

    [Fact]
    public void ConditionalEValue_OddsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ConditionalEValue.Log(10, 1, 10, 1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConditionalEValue.Log(10, 1, 10, 1, 101));
        Assert.Equal(0, ConditionalEValue.Log(10, 10, 10, 10, 1));
        Assert.Equal(0, ConditionalEValue.Log(0, 0, 10, 3, 1));
        Assert.True(double.IsFinite(ConditionalEValue.Log(1_000_000_000, 1000, 1_000_000_000, 0, 100)));
        Assert.True(double.IsFinite(ConditionalEValue.Log(1_000_000_000, 1000, 1_000_000_000, 0, -100)));
    }

    [Fact]
    public void RepeatedLooks_OwnBoundaries_AgreeWithQuadrature()
    {
        foreach (var one in Cases("looks"))
            Assert.Equal(one[1].GetDouble(), RepeatedLooks.TypeOneError(ReferenceCase.Numbers(one[0])), 1e-9);
    }

    [Fact]
    public void RepeatedLooks_ExtremeBounds_AreOneAndNothing()
    {
        Assert.Equal(0, RepeatedLooks.TypeOneError(40, 5), 1e-300);
        Assert.Equal(1, RepeatedLooks.TypeOneError(1e-9, 3), 1e-8);
        Assert.Throws<ArgumentOutOfRangeException>(() => RepeatedLooks.TypeOneError(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => RepeatedLooks.TypeOneError(double.NaN, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => RepeatedLooks.TypeOneError(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RepeatedLooks.TypeOneError(2, int.MaxValue));
        Assert.Throws<ArgumentException>(() => RepeatedLooks.TypeOneError([]));
    }

    [Fact]
    public void ConditionalDistribution_TooLongToList_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ConditionalEValue.Distribution(1_000_000_000, 1_000_000_000, 500_000_000, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConditionalEValue.Distribution(-1, 10, 5, 1));
        var few = ConditionalEValue.Distribution(1_000_000_000, 2_000_000_000, 1, Math.Log(2));
        Assert.Equal(0.5, few[0], 1e-15);
        Assert.Equal(0.5, few[1], 1e-15);
    }

    [Fact]
    public void TwoSampleEValue_RatesOfNothingAndEverything_CountWhatHappened()
    {
        var nothing = TwoSampleEValue.Log(Margin.None, Claim.Regression, new BlockCounts(10, 3, 10, 0), new ArmRates(0.5, 0));
        Assert.Equal((3 * Math.Log(2)) + (7 * Math.Log(2 / 3.0)) + (10 * Math.Log(4 / 3.0)), nothing, 1e-13);
        Assert.Equal(20 * Math.Log(2), TwoSampleEValue.Log(Margin.None, Claim.Regression, new BlockCounts(10, 10, 10, 0), new ArmRates(1, 0)), 1e-13);
        Assert.Equal(double.NegativeInfinity, TwoSampleEValue.Log(Margin.None, Claim.Regression, new BlockCounts(10, 3, 10, 1), new ArmRates(0.5, 0)));
    }

    [Fact]
    public void MultinomialEValue_NoCountsOrShares_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => MultinomialEValue.Log([-1, 5], [0.5, 0.5], [1, 1]));
        Assert.Throws<ArgumentException>(() => MultinomialEValue.Log([1, 5], [double.NaN, 0.5], [1, 1]));
        Assert.Throws<ArgumentException>(() => MultinomialEValue.Log([1, 5], [0.5, 0.5], [0, 1]));
        Assert.Equal(double.PositiveInfinity, MultinomialEValue.Log([1, 5], [0, 1], [1, 1]));
    }

    [Fact]
    public void EvidenceMerging_ListsOfDifferentLength_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => EvidenceMerging.Average([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => EvidenceMerging.Closure([1, 2], [1, 1], new double[1]));
        Assert.Throws<ArgumentException>(() => EvidenceMerging.Closure([1, 2], [1], new double[2]));
    }

    [Fact]
    public void UpperRate_RandomReferences_AgreeWithClopperAndPearson()
    {
        foreach (var one in Cases("clopper_pearson").Select(ReferenceCase.Numbers))
            OwnCases.Near(one[4], new PromotionReference((long)one[0], (long)one[1]).UpperRate(one[3], one[2]), 1e-8, $"{one[1]} of {one[0]}", 0);
    }

    [Fact]
    public void BettingEProcess_RandomValues_AgreesWithNumpy()
    {
        foreach (var one in Cases("betting"))
        {
            var process = new BettingEProcess(ValueRange.Unit, one[1].GetDouble(), Claim.Regression, one[2].GetDouble());
            var shifted = new BettingEProcess(new ValueRange(-3, 1), (4 * one[1].GetDouble()) - 3, Claim.Regression, one[2].GetDouble());
            foreach (var (value, expected) in ReferenceCase.Numbers(one[0]).Zip(ReferenceCase.Numbers(one[3])))
            {
                Assert.True(process.Observe(value));
                Assert.True(shifted.Observe((4 * value) - 3));
                OwnCases.Near(expected, process.LogEvidence, 1e-10, "ln K");
                OwnCases.Near(expected, shifted.LogEvidence, 1e-9, "ln K in another unit");
            }
        }
    }

    private static JsonElement[] Cases(string list) => OwnCases.Read("Sequential", "sequential.json", list);
}
