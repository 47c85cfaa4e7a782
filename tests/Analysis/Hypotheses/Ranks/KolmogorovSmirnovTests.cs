using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Ranks;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Hypotheses.Ranks;

public sealed class KolmogorovSmirnovTests : TwoSamplesContract
{
    protected override IHypothesisTest<TwoSamples> Test { get; } = new KolmogorovSmirnovTest();

    [Theory]
    [Covers("KS01-hw")]
    [InlineData("two-sided", Alternative.TwoSided)]
    [InlineData("greater", Alternative.Less)]
    [InlineData("less", Alternative.Greater)]
    public void PValue_HollanderWolfe_Agrees(string side, Alternative alternative)
    {
        // The file's "greater" is sup(F_x − F_y), large when x is the smaller one.
        var reference = ReferenceCases.Get("KS01-hw");
        var (x, y) = (ReferenceCase.Numbers(reference.Inputs.GetProperty("x")), ReferenceCase.Numbers(reference.Inputs.GetProperty("y")));
        var expected = reference.Expected.GetProperty(side);
        reference.Agrees(expected.GetProperty("D").GetDouble(), KolmogorovSmirnov.Compare(x, y)!.Value.Of(alternative), "D");
        reference.Agrees(expected.GetProperty("p").GetDouble(), KolmogorovSmirnov.PValue(x, y, alternative), "p");
    }

    [Fact]
    [Covers("KS05-kolmogorov-sf")]
    public void Survival_ReferenceCases_Agree()
    {
        var reference = ReferenceCases.Get("KS05-kolmogorov-sf");
        reference.Agrees("sf", ReferenceCase.Numbers(reference.Inputs.GetProperty("lambda_")).Select(KolmogorovDistribution.Survival));
    }

    [Fact]
    public void Survival_WholeRangeOfScipy_Agrees()
    {
        foreach (var row in RankReference.Kolmogorov)
            RankReference.Near(row[1], KolmogorovDistribution.Survival(row[0]), 1e-13, $"Q({row[0]})");
        Assert.Equal(1, KolmogorovDistribution.Survival(0));
        Assert.Equal(1, KolmogorovDistribution.Survival(-1));
        Assert.Equal(0, KolmogorovDistribution.Survival(double.PositiveInfinity));
        Assert.Equal(double.NaN, KolmogorovDistribution.Survival(double.NaN));
    }

    [Fact]
    public void PValue_CasesOfRAndScipy_Agree()
    {
        foreach (var one in RankReference.Cases.Concat(RankReference.Large))
        {
            var gap = KolmogorovSmirnov.Compare(one.Canary, one.Stable)!.Value;
            foreach (var (alternative, expected) in RankReference.ByAlternative(one.Expected.GetProperty("ks-d")))
                Assert.Equal(expected, gap.Of(alternative), 1e-12);
            foreach (var (alternative, expected) in RankReference.ByAlternative(one.Expected.GetProperty("ks-asymptotic")))
                RankReference.Near(expected, KolmogorovSmirnov.PValue(one.Canary, one.Stable, alternative, KolmogorovSmirnovMethod.Asymptotic), 1e-10, $"{one.Id} asymptotic {alternative}");
            if (!one.Expected.TryGetProperty("ks-exact", out var exact))
                continue;
            foreach (var (alternative, expected) in RankReference.ByAlternative(exact))
                RankReference.Near(expected, KolmogorovSmirnov.PValue(one.Canary, one.Stable, alternative), 1e-12, $"{one.Id} exact {alternative}");
        }
    }

    [Fact]
    public void PValue_SmallSamplesWithTies_IsTheShareOfAllArrangements()
    {
        var random = new Random(5);
        for (var round = 0; round < 60; round++)
        {
            double[] pooled = [.. Enumerable.Range(0, 9).Select(_ => (double)random.Next(5))];
            var size = random.Next(1, 9);
            foreach (var alternative in Enum.GetValues<Alternative>())
            {
                var observed = KolmogorovSmirnov.Compare(pooled.AsSpan(0, size), pooled.AsSpan(size))!.Value.Whole(alternative);
                var (extreme, total) = (0, 0);
                for (var chosen = 0; chosen < 1 << 9; chosen++)
                {
                    if (System.Numerics.BitOperations.PopCount((uint)chosen) != size)
                        continue;
                    double[] x = [.. pooled.Where((_, i) => (chosen >> i & 1) == 1)], y = [.. pooled.Where((_, i) => (chosen >> i & 1) == 0)];
                    total++;
                    extreme += KolmogorovSmirnov.Compare(x, y)!.Value.Whole(alternative) >= observed ? 1 : 0;
                }

                RankReference.Near(extreme / (double)total, KolmogorovSmirnov.PValue(pooled.AsSpan(0, size), pooled.AsSpan(size), alternative), 1e-13, $"round {round} {alternative}");
            }
        }
    }

    [Fact]
    public void PValue_WhollyApart_IsOneArrangement()
    {
        // 1/C(80, 40) = 1/107507208733336176461620: what is left of 1 would be rounding noise.
        double[] low = [.. Enumerable.Range(0, 40).Select(i => (double)i)], high = [.. low.Select(value => value + 100)];
        RankReference.Near(9.3017018280181322e-24, KolmogorovSmirnov.PValue(high, low, Alternative.Greater), 1e-13, "greater");
        RankReference.Near(2 * 9.3017018280181322e-24, KolmogorovSmirnov.PValue(high, low), 1e-13, "two-sided");
        Assert.Equal(1, KolmogorovSmirnov.PValue(high, low, Alternative.Less));
    }

    [Fact]
    public void Automatic_Sizes_ChooseTheMethod()
    {
        double[] hundred = [.. Enumerable.Range(0, 100).Select(i => (double)i)], more = [.. hundred, 100];
        Assert.Equal("kolmogorov-smirnov/exact", Ask(hundred, hundred).Test);
        Assert.Equal("kolmogorov-smirnov/asymptotic", Ask(hundred, more).Test);
        var exact = new KolmogorovSmirnovTest(KolmogorovSmirnovMethod.Exact);
        Assert.NotNull(exact.Test(new TwoSamples(hundred, more), TestOptions.Default).PValue);
        var refused = exact.Test(new TwoSamples(new double[4000], new double[4000]), TestOptions.Default);
        Assert.Null(refused.PValue);
        Assert.Contains("10000000 pairs", refused.Problem, StringComparison.Ordinal);
        Assert.Equal(double.NaN, KolmogorovSmirnov.PValue(new double[4000], new double[4000], method: KolmogorovSmirnovMethod.Exact));
    }

    [Fact]
    public void PValue_HundredThousandEach_DoesNotOverflow()
    {
        double[] low = [.. Enumerable.Range(0, 100_000).Select(i => (double)i)], shifted = [.. low.Select(value => value + 700)];
        var gap = KolmogorovSmirnov.Compare(shifted, low)!.Value;
        Assert.Equal((0.007, 0.0, 0.007), (gap.Minus, gap.Plus, gap.TwoSided));
        RankReference.Near(Math.Exp(-2 * 0.007 * 0.007 * 50_000), KolmogorovSmirnov.PValue(shifted, low, Alternative.Greater), 1e-12, "greater");
        Assert.Equal(1, KolmogorovSmirnov.PValue(shifted, low, Alternative.Less));
        Assert.Equal(1, KolmogorovSmirnov.PValue(low, low));
    }

    [Fact]
    public void Test_Infinities_AreTheOutermostValues()
    {
        var result = Ask([double.PositiveInfinity, double.PositiveInfinity, 5], [double.NegativeInfinity, 1, 2]);
        Assert.Equal(1.0, result.Statistic);
        Assert.Equal(0.1, result.PValue!.Value, 12);
        Assert.Null(result.Effect);
    }
}
