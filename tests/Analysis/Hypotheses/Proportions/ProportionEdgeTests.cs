using CsCheck;
using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Proportions;

namespace MeshCanary.Analysis.Tests.Hypotheses.Proportions;

public sealed class ProportionEdgeTests
{
    private const long Trillion = 1_000_000_000_000;

    [Theory]
    [InlineData(0, 0, "no event")]
    [InlineData(50, 80, "Every request")]
    public void AsymptoticTests_NoVariation_SayWhyAndStillBoundTheDifference(long canary, long stable, string reason)
    {
        var data = new TwoProportions(canary, 50, stable, 80);
        foreach (var test in (IHypothesisTest<TwoProportions>[])[TwoProportionZTest.Pooled, TwoProportionZTest.Unpooled, ChiSquaredTest.Plain, ChiSquaredTest.Yates, MarginScoreTest.FarringtonManning(0), MarginScoreTest.MiettinenNurminen(0)])
        {
            var result = test.Test(data, TestOptions.Default);
            Assert.Null(result.PValue);
            Assert.Contains(reason, result.Problem, StringComparison.Ordinal);
            Assert.Equal(0, result.Effect!.Value);
            Assert.InRange(result.Effect.Low, -0.1, -0.01);
            Assert.InRange(result.Effect.High, 0.01, 0.1);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(50, 80)]
    public void FisherExact_NoVariation_IsOneOutcomeOfProbabilityOne(long canary, long stable)
    {
        foreach (var alternative in Enum.GetValues<Alternative>())
        {
            var result = FisherExactTest.Instance.Test(new TwoProportions(canary, 50, stable, 80), new TestOptions { Alternative = alternative });
            Assert.Equal(1, result.PValue);
            Assert.Null(result.Effect);
            Assert.Null(result.Problem);
        }
    }

    [Fact]
    public void UnpooledZ_OnlyEventsAgainstNone_HasNoVarianceButPooledHas()
    {
        var data = new TwoProportions(10, 10, 0, 10);
        Assert.Contains("unpooled variance is zero", TwoProportionZTest.Unpooled.Test(data, TestOptions.Default).Problem, StringComparison.Ordinal);
        Assert.Equal(Math.Sqrt(20), TwoProportionZTest.Pooled.Test(data, TestOptions.Default).Statistic!.Value, 12);
    }

    [Fact]
    public void FisherExact_SmallestAndLargestCount_HaveAnOpenEnd()
    {
        var least = ConditionalOddsRatio.Of(new TwoProportions(0, 10, 5, 10), 0.95)!;
        Assert.Equal((0.0, 0.0), (least.Value, least.Low));
        Assert.InRange(least.High, 0.1, 1.5);
        var most = ConditionalOddsRatio.Of(new TwoProportions(5, 10, 0, 10), 0.95)!;
        Assert.Equal((double.PositiveInfinity, double.PositiveInfinity), (most.Value, most.High));
        Assert.Equal(1 / least.High, most.Low, 12);
    }

    [Fact]
    public void AllTests_TrillionsOfRequests_NeitherOverflowNorLoseTheDifference()
    {
        // Two standard deviations of difference: every large-sample method must come to nearly the same.
        var data = new TwoProportions((Trillion / 2) + 1_000_000, Trillion, (Trillion / 2) - 414_214, Trillion);
        var greater = new TestOptions { Alternative = Alternative.Greater };
        var expected = TwoProportionZTest.Pooled.Test(data, greater).PValue!.Value;
        Assert.Equal(0.02275, expected, 0.0002);
        Assert.Equal(expected, TwoProportionZTest.Unpooled.Test(data, greater).PValue!.Value, 1e-9);
        Assert.Equal(expected, ChiSquaredTest.Yates.Test(data, greater).PValue!.Value, 1e-6);
        Assert.Equal(expected, FisherExactTest.Instance.Test(data, greater).PValue!.Value, 1e-6);
        Assert.Equal(expected, MarginScoreTest.FarringtonManning(0).Test(data, greater).PValue!.Value, 1e-9);
        Assert.Equal(1 - expected, BetaBinomialPosterior.ProbabilityCanaryHigher(data)!.Value, 1e-6);
        var odds = ConditionalOddsRatio.Of(data, 0.95)!;
        var wald = 1.959963984540054 * Math.Sqrt(8e-12);
        Assert.Equal(Math.Log(odds.Value) - wald, Math.Log(odds.Low), 1e-10);
        Assert.Equal(Math.Log(odds.Value) + wald, Math.Log(odds.High), 1e-10);
    }

    [Fact]
    public void PValues_BeyondTheSmallestDouble_AreZeroAndTheirOppositesOne()
    {
        var data = new TwoProportions(90_000, 100_000, 10_000, 100_000);
        foreach (var test in (IHypothesisTest<TwoProportions>[])[TwoProportionZTest.Pooled, ChiSquaredTest.Plain, FisherExactTest.Instance, MarginScoreTest.FarringtonManning(0.1)])
        {
            Assert.Equal(0, test.Test(data, new TestOptions { Alternative = Alternative.Greater }).PValue);
            Assert.Equal(0, test.Test(data, new TestOptions { Alternative = Alternative.TwoSided }).PValue);
            Assert.Equal(1, test.Test(data, new TestOptions { Alternative = Alternative.Less }).PValue);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void MarginScore_MarginOutsideItsRange_IsAnErrorOfTheCaller(double margin)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MarginScoreTest.FarringtonManning(margin));
        Assert.Throws<ArgumentOutOfRangeException>(() => MarginScoreTest.MiettinenNurminen(margin));
        Assert.Throws<ArgumentOutOfRangeException>(() => DifferenceScore.Of(new TwoProportions(1, 2, 1, 2), margin));
    }

    [Fact]
    public void MarginScore_ArmsSwapped_SwapsWithTheMarginsSign() => Gen.Select(Gen.Long[1, 5000], Gen.Long[1, 5000], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[-0.9, 0.9]).Sample((n, m, p, q, margin) =>
    {
        var (x, y) = ((long)(p * n), (long)(q * m));
        var one = MarginScoreTest.FarringtonManning(margin).Test(new TwoProportions(x, n, y, m), new TestOptions { Alternative = Alternative.Greater });
        var other = MarginScoreTest.FarringtonManning(-margin).Test(new TwoProportions(y, m, x, n), new TestOptions { Alternative = Alternative.Less });
        Assert.Equal(one.PValue is null, other.PValue is null);
        Assert.Equal(one.PValue ?? 0, other.PValue ?? 0, 1e-10);
    }, iter: 200);

    // The cosine form of Farrington and Manning's cubic, which is fine as long as nothing in it cancels.
    [Fact]
    public void DifferenceScore_PublishedClosedForm_Agrees() => Gen.Select(Gen.Long[20, 2000], Gen.Long[20, 2000], Gen.Double[0.1, 0.9], Gen.Double[0.1, 0.9], Gen.Double[0.02, 0.3]).Sample((n, m, p, q, d) =>
    {
        var (x, y) = ((long)(p * n), (long)(q * m));
        var (pc, pb, theta) = ((double)x / n, (double)y / m, (double)m / n);
        var a = 1 + theta;
        var b = -(1 + theta + pc + (theta * pb) + (d * (theta + 2)));
        var c = (d * d) + (d * ((2 * pc) + theta + 1)) + pc + (theta * pb);
        var e = -pc * d * (1 + d);
        var v = (b * b * b / (27 * a * a * a)) - (b * c / (6 * a * a)) + (e / (2 * a));
        var u = Math.Sign(v) * Math.Sqrt((b * b / (9 * a * a)) - (c / (3 * a)));
        var w = (Math.PI + Math.Acos(Math.Clamp(v / (u * u * u), -1, 1))) / 3;
        Assert.Equal((2 * u * Math.Cos(w)) - (b / (3 * a)), DifferenceScore.Of(new TwoProportions(x, n, y, m), d)!.Value.CanaryShare, 1e-6);
    }, iter: 200);

    [Fact]
    public void ScoreInterval_Ends_AreWhereTheTestTurns() => Gen.Select(Gen.Long[2, 5000], Gen.Long[2, 5000], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((n, m, p, q) =>
    {
        var data = new TwoProportions((long)(p * n), n, (long)(q * m), m);
        var interval = DifferenceScore.Interval(data, 0.9, unbiased: false)!.Value;
        if (interval.Low > -1)
            Assert.Equal(0.1, MarginScoreTest.FarringtonManning(interval.Low).Test(data, TestOptions.Default).PValue!.Value, 1e-8);
        if (interval.High < 1)
            Assert.Equal(0.1, MarginScoreTest.FarringtonManning(interval.High).Test(data, TestOptions.Default).PValue!.Value, 1e-8);
    }, iter: 100);

    [Fact]
    public void OneProportion_CountsThatAreNone_GiveNothing()
    {
        foreach (var (x, n) in ((long, long)[])[(0, 0), (-1, 5), (6, 5), (0, -3), (long.MaxValue, long.MaxValue)])
        {
            Assert.Null(OneProportion.Wilson(x, n, 0.95));
            Assert.Null(OneProportion.ClopperPearson(x, n, 0.95));
            Assert.Null(OneProportion.Exact(x, n, 0.5, Alternative.TwoSided));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => OneProportion.Wilson(1, 5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => OneProportion.Exact(1, 5, -0.1, Alternative.Less));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(3, 0, 0)]
    [InlineData(5, 1, 1)]
    [InlineData(3, 1, 0)]
    public void ExactBinomial_ShareOfZeroOrOne_IsCertainOrImpossible(long events, double share, double expected) =>
        Assert.Equal(expected, OneProportion.Exact(events, 5, share, Alternative.TwoSided));

    [Fact]
    public void BetaBinomialPosterior_ArmsSwapped_IsTheOtherProbability() => Gen.Select(Gen.Long[0, 100_000], Gen.Long[0, 100_000], Gen.Double[0, 1], Gen.Double[0.7, 1.3], Gen.Double[0.3, 3]).Sample((n, m, p, ratio, prior) =>
    {
        var (x, y) = ((long)(p * p * n), (long)Math.Min(m, p * p * ratio * m));
        var one = BetaBinomialPosterior.ProbabilityCanaryHigher(new TwoProportions(x, n, y, m), prior, 1)!.Value;
        var other = BetaBinomialPosterior.ProbabilityCanaryHigher(new TwoProportions(y, m, x, n), prior, 1)!.Value;
        Assert.Equal(1, one + other, 1e-12);
    }, iter: 100);

    // The sum and the integral are two ways to the same number; a prior a hair from whole takes the second.
    [Fact]
    public void BetaBinomialPosterior_SumAndIntegral_Agree() => Gen.Select(Gen.Long[0, 1500], Gen.Long[0, 1500], Gen.Double[0.5, 2]).Sample((x, y, ratio) =>
    {
        var data = new TwoProportions(x, 2000, y, (long)(2000 * ratio));
        if (y > data.StableRequests)
            return;
        var (sum, integral) = (BetaBinomialPosterior.ProbabilityCanaryHigher(data)!.Value, BetaBinomialPosterior.ProbabilityCanaryHigher(data, 1 + 1e-12)!.Value);
        Assert.True(Math.Abs(sum - integral) <= 1e-9 * sum, $"{data}: {sum:R} and {integral:R}");
    }, iter: 100);

    [Fact]
    public void BetaBinomialPosterior_NoRequestsOrBadCounts_IsThePriorOrNothing()
    {
        Assert.Equal(0.5, BetaBinomialPosterior.ProbabilityCanaryHigher(new TwoProportions(0, 0, 0, 0)));
        Assert.Null(BetaBinomialPosterior.ProbabilityCanaryHigher(new TwoProportions(2, 1, 0, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaBinomialPosterior.ProbabilityCanaryHigher(default, 0));
    }
}
