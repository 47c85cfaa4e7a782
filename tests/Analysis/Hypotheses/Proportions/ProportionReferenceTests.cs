using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Proportions;
using MeshCanary.Analysis.Numerics;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Hypotheses.Proportions;

public sealed class ProportionReferenceTests
{
    private static readonly ReferenceTable Table = new("Hypotheses", "proportions.json");

    [Fact]
    public void FisherExact_RTables_Agree() =>
        Table.Agrees("fisher", 4, row => PValues(FisherExactTest.Instance, row), 1e-11);

    [Fact]
    public void ConditionalOddsRatio_RTables_Agree() =>
        Table.Agrees("odds", 4, row => ConditionalOddsRatio.Of(Counts(row), 0.95) is { } one ? [one.Value, one.Low, one.High] : [], 1e-9);

    [Theory]
    [InlineData("plain", false)]
    [InlineData("yates", true)]
    public void ChiSquared_RTables_Agree(string name, bool yates)
    {
        var test = yates ? ChiSquaredTest.Yates : ChiSquaredTest.Plain;
        Table.Agrees(name, 4, row => [ChiSquaredTest.Statistic(Counts(row), yates)!.Value, .. PValues(test, row)], 1e-9, 1e-13);
    }

    [Fact]
    public void PooledZ_RTables_IsTheSignedRootOfChiSquared() => Table.Agrees("plain", 4, row =>
    {
        var z = TwoProportionZTest.Statistic(Counts(row), pooled: true)!.Value;
        return [z * z, .. PValues(TwoProportionZTest.Pooled, row)];
    }, 1e-9, 1e-13);

    [Fact]
    public void ExactBinomial_RTables_Agree() => Table.Agrees("binomial", 3, row => [.. Alternatives.Select(one =>
        OneProportion.Exact((long)row[0], (long)row[1], row[2], one)!.Value)], 1e-10, 1e-300);

    [Fact]
    public void ClopperPearson_RTables_Agree() => Table.Agrees("clopper", 3, row =>
        OneProportion.ClopperPearson((long)row[0], (long)row[1], row[2]) is { } one ? [one.Low, one.High] : [], 1e-11);

    [Fact]
    public void Wilson_RTables_Agree() => Table.Agrees("wilson", 3, row =>
        OneProportion.Wilson((long)row[0], (long)row[1], row[2]) is { } one ? [one.Low, one.High] : [], 1e-11, 1e-15);

    [Fact]
    public void Hypergeometric_RTables_Agree() => Table.Agrees("hyper", 4, row =>
    {
        var table = new Hypergeometric((long)row[0], (long)row[1], (long)row[2]);
        var k = (long)row[3];
        return [table.LogProbability(k), table.LogLower(k, 0), table.LogUpper(k, 0)];
    }, 1e-9, 1e-10);

    [Fact]
    public void BinomialTail_RTables_Agree() => Table.Agrees("binomialTails", 3, row =>
        [BinomialTail.LogProbability((long)row[0], (long)row[1], row[2]), BinomialTail.Lower((long)row[0], (long)row[1], row[2]), BinomialTail.Upper((long)row[0], (long)row[1], row[2])], 1e-10, 1e-300);

    [Fact]
    public void DifferenceScore_ConstrainedOptimum_Agrees() => Table.Agrees("restricted", 5, row =>
    {
        var score = DifferenceScore.Of(Counts(row), row[4])!.Value;
        return [score.CanaryShare, score.StableShare, score.StandardError, score.Z, score.UnbiasedZ];
    }, 1e-10, 1e-14);

    [Fact]
    public void DifferenceScore_Interval_Agrees() => Table.Agrees("scoreIntervals", 5, row =>
    {
        var (mn, mee) = (DifferenceScore.Interval(Counts(row), row[4])!.Value, DifferenceScore.Interval(Counts(row), row[4], unbiased: false)!.Value);
        return [mn.Low, mn.High, mee.Low, mee.High];
    }, 1e-10, 1e-13);

    [Fact]
    public void Posterior_SumAndQuadrature_Agree() => Table.Agrees("posterior", 6, row =>
        [BetaBinomialPosterior.ProbabilityCanaryHigher(Counts(row), row[4], row[5])!.Value], 1e-11);

    private static readonly Alternative[] Alternatives = [Alternative.TwoSided, Alternative.Greater, Alternative.Less];

    private static TwoProportions Counts(double[] row) => new((long)row[0], (long)row[1], (long)row[2], (long)row[3]);

    private static double[] PValues(IHypothesisTest<TwoProportions> test, double[] row) =>
        [.. Alternatives.Select(one => test.Test(Counts(row), new TestOptions { Alternative = one }).PValue!.Value)];
}
