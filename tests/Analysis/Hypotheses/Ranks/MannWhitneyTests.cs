using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Ranks;
using MeshCanary.Analysis.Numerics;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Hypotheses.Ranks;

public sealed class MannWhitneyTests : TwoSamplesContract
{
    protected override IHypothesisTest<TwoSamples> Test { get; } = new MannWhitneyTest();

    [Theory]
    [Covers("MW01-hollander-wolfe")]
    [InlineData("MW01-hollander-wolfe")]
    [Covers("MW02-separated-3v3")]
    [InlineData("MW02-separated-3v3")]
    [Covers("MW05-ties-small")]
    [InlineData("MW05-ties-small")]
    public void PValue_ReferenceCases_Agree(string id)
    {
        var reference = ReferenceCases.Get(id);
        var (x, y) = (ReferenceCase.Numbers(reference.Inputs.GetProperty("x")), ReferenceCase.Numbers(reference.Inputs.GetProperty("y")));
        var ranks = MannWhitney.Compare(x, y)!.Value;
        var seen = 0;
        foreach (var expected in reference.Expected.EnumerateObject())
        {
            void Agrees(double actual) => reference.Agrees(expected.Value.GetDouble(), actual, expected.Name);
            switch (expected.Name.Split('/'))
            {
                case [var side, "exact"]:
                    Agrees(MannWhitney.PValue(x, y, Side(side), MannWhitneyMethod.Exact));
                    break;
                case [var side, "asymptotic", "cc"]:
                    Agrees(MannWhitney.PValue(x, y, Side(side), MannWhitneyMethod.Asymptotic));
                    break;
                case [var side, "asymptotic", "nocc"]:
                    Agrees(MannWhitney.PValue(x, y, Side(side), MannWhitneyMethod.AsymptoticUncorrected));
                    break;
                case ["U_x"]:
                    Agrees(ranks.U);
                    break;
                case ["A_xy"]:
                    Agrees(ranks.CommonLanguage);
                    break;
                case ["cliffs_delta"]:
                    Agrees(ranks.CliffsDelta);
                    break;
                case ["HL"]:
                    Agrees(HodgesLehmann.Shift(x, y));
                    break;
                case ["HL_CI95_exact"]:
                    var shift = HodgesLehmann.Estimate(x, y)!.Value;
                    reference.Agrees(expected.Name, [shift.Low, shift.High]);
                    break;
                case ["exact_permutation"]:
                    reference.Agrees(expected.Value.GetProperty("greater").GetDouble(), MannWhitney.PValue(x, y, Alternative.Greater), "greater");
                    reference.Agrees(expected.Value.GetProperty("less").GetDouble(), MannWhitney.PValue(x, y, Alternative.Less), "less");
                    reference.Agrees(expected.Value.GetProperty("two_sided_abs_dev").GetDouble(), MannWhitney.PValue(x, y), "two-sided");
                    break;
                default:
                    Assert.Fail($"Nothing is checked against {expected.Name}.");
                    break;
            }

            seen++;
        }

        Assert.True(seen > 7);
    }

    [Fact]
    [Covers("MW11-null-counts-4v6")]
    public void NullCounts_FourAgainstSix_Agree()
    {
        var reference = ReferenceCases.Get("MW11-null-counts-4v6");
        reference.Agrees("counts", MannWhitneyNull.Counts(4, 6));
        reference.Agrees("counts", MannWhitneyNull.Counts(6, 4));
        Assert.Equal(reference.Expected.GetProperty("total").GetDouble(), MannWhitneyNull.Counts(4, 6).Sum());
    }

    [Fact]
    public void PValue_CasesOfRAndScipy_Agree()
    {
        foreach (var one in RankReference.Cases.Concat(RankReference.Large))
        {
            Assert.Equal(one.Expected.GetProperty("U").GetDouble(), MannWhitney.Compare(one.Canary, one.Stable)!.Value.U);
            foreach (var (name, method, tolerance) in new[]
            {
                ("exact", MannWhitneyMethod.Exact, 1e-11),
                ("permutation", MannWhitneyMethod.Permutation, 1e-15),
                ("asymptotic", MannWhitneyMethod.Asymptotic, 1e-12),
                ("uncorrected", MannWhitneyMethod.AsymptoticUncorrected, 1e-12),
            })
            {
                if (!one.Expected.TryGetProperty(name, out var values))
                    continue;
                foreach (var (alternative, expected) in RankReference.ByAlternative(values))
                    RankReference.Near(expected, MannWhitney.PValue(one.Canary, one.Stable, alternative, method), tolerance, $"{one.Id} {name} {alternative}");
            }
        }
    }

    [Fact]
    public void Automatic_SizesAndTies_ChooseTheMethod()
    {
        Assert.Equal("mann-whitney/exact", Ask(Steps(50, 1), Steps(50, 1.01)).Test);
        Assert.Equal("mann-whitney/asymptotic", Ask(Steps(51, 1), Steps(50, 1.01)).Test);
        Assert.Equal("mann-whitney/permutation", Ask(Steps(11, 1), Steps(11, 1)).Test);
        Assert.Equal("mann-whitney/asymptotic", Ask(Steps(12, 1), Steps(12, 1)).Test);
        Assert.Equal("mann-whitney/permutation", Ask([0.5], [0.5, .. Steps(5000, 1)]).Test);

        // One against many: exact without ties as well, where the normal approximation never falls below 0.08.
        var lone = Ask([0.5], Steps(5000, 1));
        Assert.Equal("mann-whitney/permutation", lone.Test);
        Assert.Equal(2 / 5001.0, lone.PValue!.Value, 1e-15);
    }

    [Fact]
    public void Exact_TiesOrTooManyPairs_AreRefusedWithTheReason()
    {
        var exact = new MannWhitneyTest(MannWhitneyMethod.Exact);
        var tied = exact.Test(new TwoSamples(new double[] { 1, 2 }, new double[] { 2, 3 }), TestOptions.Default);
        Assert.Null(tied.PValue);
        Assert.Contains("equal values", tied.Problem, StringComparison.Ordinal);
        Assert.Equal(0.5, tied.Statistic);
        Assert.NotNull(exact.Test(new TwoSamples(Steps(100, 1), Steps(100, 1.001)), TestOptions.Default).PValue);
        Assert.Contains("10000 pairs", exact.Test(new TwoSamples(Steps(101, 1), Steps(100, 1.001)), TestOptions.Default).Problem, StringComparison.Ordinal);
        Assert.Contains("arrangements", new MannWhitneyTest(MannWhitneyMethod.Permutation).Test(new TwoSamples(Steps(12, 1), Steps(12, 1)), TestOptions.Default).Problem, StringComparison.Ordinal);
        Assert.Equal(double.NaN, MannWhitney.PValue(Steps(12, 1), Steps(12, 1), method: MannWhitneyMethod.Permutation));
    }

    [Theory]
    [InlineData(4, 5)]
    [InlineData(30, 40)]
    [InlineData(300, 200)]
    public void PValue_AllValuesEqual_IsOneEveryWay(int canary, int stable)
    {
        double[] x = [.. Enumerable.Repeat(7.5, canary)], y = [.. Enumerable.Repeat(7.5, stable)];
        foreach (var alternative in Enum.GetValues<Alternative>())
        {
            var result = Ask(x, y, alternative);
            Assert.Equal(1.0, result.PValue);
            Assert.Equal(canary * stable / 2.0, result.Statistic);
            Assert.Equal(0, MannWhitney.AsymptoticLogPValue(MannWhitney.Compare(x, y)!.Value, alternative));
        }
    }

    [Fact]
    public void PValue_PermutationWithoutTies_IsTheExactOne()
    {
        foreach (var one in RankReference.Cases.Where(one => one.Expected.TryGetProperty("exact", out _) && one.Expected.TryGetProperty("permutation", out _)))
        {
            foreach (var alternative in Enum.GetValues<Alternative>())
                RankReference.Near(
                    MannWhitney.PValue(one.Canary, one.Stable, alternative, MannWhitneyMethod.Permutation),
                    MannWhitney.PValue(one.Canary, one.Stable, alternative, MannWhitneyMethod.Exact),
                    1e-13,
                    one.Id);
        }
    }

    [Fact]
    public void PValue_HundredThousandEach_NeitherOverflowsNorRoundsToNothing()
    {
        var low = Steps(100_000, 1);
        double[] high = [.. low.Select(value => value + 100_000)];
        var ranks = MannWhitney.Compare(high, low)!.Value;

        Assert.Equal(1e10, ranks.U);
        Assert.Equal(1, ranks.CliffsDelta);
        Assert.Equal(0, MannWhitney.PValue(high, low));
        Assert.Equal(1, MannWhitney.PValue(high, low, Alternative.Less));

        // z = (5e9 − 0.5)/√(1e10·200001/12) = 387.297; ln p = ln 2 + ln Φ(−z).
        var z = (5e9 - 0.5) / Math.Sqrt(1e10 * 200_001 / 12);
        RankReference.Near(Math.Log(2) - (z * z / 2) - Math.Log(z * Math.Sqrt(2 * Math.PI)) - (1 / (z * z)), MannWhitney.AsymptoticLogPValue(ranks), 1e-12, "ln p");
        Assert.Equal(1, MannWhitney.PValue(low, low));
        Assert.Equal(5e9, MannWhitney.Compare(low, low)!.Value.U);
    }

    [Fact]
    public void PValue_HalfTheValuesAtOnePoint_KeepsTheVariance()
    {
        // Two groups of N/2 equal values: N³ − N − Σ(t³ − t) = ¾N³, so σ² = nm·N²/(16(N − 1)).
        double[] x = [.. Enumerable.Range(0, 200_000).Select(i => i % 2.0)];
        RankReference.Near(4e10 * 1.6e11 / (16 * 399_999.0), MannWhitney.Compare(x, x)!.Value.Variance, 1e-14, "variance");
    }

    [Fact]
    public void Ranks_Infinities_AreTheOutermostValues()
    {
        var result = Ask([1, double.PositiveInfinity, 3], [double.NegativeInfinity, 0, 2]);
        Assert.Equal(8.0, result.Statistic);
        Assert.Equal(0.2, result.PValue!.Value, 12);
    }

    [Fact]
    public void Ranks_BothZeros_AreOneValue()
    {
        var result = Ask([0.0, -0.0], [-0.0, 0.0]);
        Assert.Equal(1.0, result.PValue);
        Assert.Equal(2.0, result.Statistic);
    }

    [Fact]
    public void Problem_NaN_SaysHowMany() =>
        Assert.Equal("NaN has no rank: 2 of the canary's 3 values and 1 of stable's 2 are NaN.", Ask([double.NaN, 1, double.NaN], [2, double.NaN]).Problem);

    [Fact]
    public void Problem_FewValues_SaysThatTheyBoundNothing()
    {
        var result = Ask([1.1, 2.2, 3.3], [4.4, 5.5, 6.6]);
        Assert.NotNull(result.PValue);
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), (result.Effect!.Low, result.Effect.High));
        Assert.Equal("3 against 3 values bound no difference at 95 % confidence, even when they are wholly apart.", result.Problem);
        Assert.Null(Ask([1.1, 2.2, 3.3], [4.4, 5.5, 6.6], confidence: 0.9).Problem);
    }

    [Fact]
    public void NullDistribution_LargestSizes_IsADistribution()
    {
        foreach (var (n, m) in new[] { (1, 10_000), (10_000, 1), (100, 100), (7, 1000), (1, 1) })
        {
            var counts = MannWhitneyNull.Counts(n, m);
            Assert.Equal((n * m) + 1, counts.Length);
            Assert.Equal(1, counts[0]);
            RankReference.Near(1, MannWhitneyNull.Lower(n, m, n * m / 2) + MannWhitneyNull.Lower(n, m, (n * m) - (n * m / 2) - 1), 1e-12, $"{n}x{m}");
            Assert.Equal(0, MannWhitneyNull.Lower(n, m, -1));
            Assert.Equal(1, MannWhitneyNull.Lower(n, m, n * m));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => MannWhitneyNull.Counts(101, 100));
        Assert.Throws<ArgumentOutOfRangeException>(() => MannWhitneyNull.Counts(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => MannWhitneyNull.Quantile(5, 5, 0.6));
    }

    [Fact]
    public void NullDistribution_QuantilesOfR_Agree()
    {
        var seen = 0;
        foreach (var one in RankReference.Cases.Where(one => one.Expected.TryGetProperty("qwilcox", out _)))
        {
            foreach (var quantile in one.Expected.GetProperty("qwilcox").EnumerateObject())
            {
                var alpha = 1 - double.Parse(quantile.Name, System.Globalization.CultureInfo.InvariantCulture);
                Assert.Equal(quantile.Value.GetDouble(), MannWhitneyNull.Quantile(one.Canary.Length, one.Stable.Length, alpha / 2));
                seen++;
            }
        }

        Assert.True(seen > 40);
    }

    [Fact]
    public void NormalTail_Scipy_Agrees()
    {
        foreach (var row in RankReference.Normal)
        {
            // Far out the last digit of z is worth z² of the tail's.
            RankReference.Near(row[1], NormalTail.Upper(row[0]), 1e-12, $"sf({row[0]})");
            RankReference.Near(row[2], NormalTail.LogUpper(row[0]), 1e-13, $"log sf({row[0]})");
        }
    }

    private static double[] Steps(int count, double step) => [.. Enumerable.Range(1, count).Select(i => i * step)];

    private static Alternative Side(string name) => name switch
    {
        "two-sided" => Alternative.TwoSided,
        "greater" => Alternative.Greater,
        _ => Alternative.Less,
    };
}
