using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Proportions;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Hypotheses.Proportions;

public sealed class ProportionCasesTests
{
    // R brackets the odds ratio, or its inverse above 1, in (0, 1) by uniroot with this absolute tolerance.
    private const double Uniroot = 1.2207e-4;

    [Theory]
    [Covers("FE01-tea")]
    [InlineData("FE01-tea")]
    [Covers("FE04-zero-cell")]
    [InlineData("FE04-zero-cell")]
    public void FisherExact_ReferenceCase_Agrees(string id)
    {
        var reference = ReferenceCases.Get(id);
        var rows = reference.Inputs.GetProperty("table_rows_canary_baseline_cols_err_ok").EnumerateArray().Select(ReferenceCase.Counts).ToArray();
        var data = new TwoProportions(rows[0][0], rows[0].Sum(), rows[1][0], rows[1].Sum());
        double Expected(string name) => reference.Expected.GetProperty(name).GetDouble();
        reference.Agrees(Expected("two-sided"), FisherExactTest.PValue(data, Alternative.TwoSided)!.Value, "two-sided");
        reference.Agrees(Expected("greater"), FisherExactTest.PValue(data, Alternative.Greater)!.Value, "greater");
        reference.Agrees(Expected("less"), FisherExactTest.PValue(data, Alternative.Less)!.Value, "less");
        reference.Agrees(Expected("R_two_sided"), FisherExactTest.PValue(data, Alternative.TwoSided)!.Value, "R");

        var odds = ConditionalOddsRatio.Of(data, 0.95)!;
        var interval = reference.Numbers("or_ci95");
        Near(Expected("cond_mle_or"), odds.Value);
        Near(interval[0], odds.Low);
        Near(interval[1], odds.High);

        static void Near(double expected, double actual) => Assert.Equal(Inside(expected), Inside(actual), Uniroot);
        static double Inside(double odds) => odds > 1 ? 1 / odds : odds;
    }

    [Fact]
    public void ConditionalOddsRatio_UpperEndOfTheTeaTable_SolvesItsEquation()
    {
        // P(X ≤ 3; ω) = (1 + 16ω + 36ω² + 16ω³)/(1 + 16ω + 36ω² + 16ω³ + ω⁴), and R's 621.93 is not where that is 0.025.
        var odds = ConditionalOddsRatio.Of(new TwoProportions(3, 4, 1, 4), 0.95)!.High;
        var rest = 1 + (odds * (16 + (odds * (36 + (16 * odds)))));
        Assert.Equal(0.025, rest / (rest + (odds * odds * odds * odds)), 12);
    }

    [Covers("PR01-newcombe-table")]
    [Fact]
    public void NewcombeInterval_PublishedTable_Agrees()
    {
        var reference = ReferenceCases.Get("PR01-newcombe-table");
        var (expected, published) = (reference.Expected.GetProperty("ci"), reference.Expected.GetProperty("published_4dp"));
        var place = 0;
        foreach (var one in reference.Inputs.GetProperty("cases").EnumerateArray().Select(ReferenceCase.Counts))
        {
            var interval = NewcombeInterval.Of(new TwoProportions(one[0], one[1], one[2], one[3]), 0.95)!.Value;
            reference.Agrees(expected[place][0].GetDouble(), interval.Low, $"low {place}");
            reference.Agrees(expected[place][1].GetDouble(), interval.High, $"high {place}");
            Assert.Equal(published[place][0].GetDouble(), interval.Low, 6e-5);
            Assert.Equal(published[place++][1].GetDouble(), interval.High, 6e-5);
        }
    }

    [Covers("PR02-two-proportion")]
    [Fact]
    public void TwoProportions_ReferenceCase_Agrees()
    {
        var reference = ReferenceCases.Get("PR02-two-proportion");
        var data = new TwoProportions(12, 1000, 3, 1000);
        void Agrees(string name, double? actual) => reference.Agrees(reference.Expected.GetProperty(name).GetDouble(), actual!.Value, name);
        var (twoSided, greater) = (TestOptions.Default, new TestOptions { Alternative = Alternative.Greater });
        var pooled = TwoProportionZTest.Pooled.Test(data, twoSided);
        Agrees("diff", pooled.Effect!.Value);
        Agrees("z_pooled", pooled.Statistic);
        Agrees("p_two_pooled", pooled.PValue);
        Agrees("p_greater_pooled", TwoProportionZTest.Pooled.Test(data, greater).PValue);
        Agrees("z_unpooled", TwoProportionZTest.Unpooled.Test(data, greater).Statistic);
        Agrees("p_greater_unpooled", TwoProportionZTest.Unpooled.Test(data, greater).PValue);
        reference.Agrees("newcombe95", [pooled.Effect.Low, pooled.Effect.High]);
        Agrees("R_chi2_nocc", ChiSquaredTest.Plain.Test(data, twoSided).Statistic);
        Agrees("R_p_nocc", ChiSquaredTest.Plain.Test(data, twoSided).PValue);
        Agrees("R_chi2_yates", ChiSquaredTest.Yates.Test(data, twoSided).Statistic);
        Agrees("R_p_yates", ChiSquaredTest.Yates.Test(data, twoSided).PValue);
    }

    [Covers("NI01-farrington-manning")]
    [Fact]
    public void MarginScore_ReferenceCase_Agrees()
    {
        var reference = ReferenceCases.Get("NI01-farrington-manning");
        double Of(string name) => reference.Inputs.GetProperty(name).GetDouble();
        void Agrees(string name, double? actual) => reference.Agrees(reference.Expected.GetProperty(name).GetDouble(), actual!.Value, name);
        var data = new TwoProportions((long)Of("x1"), (long)Of("n1"), (long)Of("x2"), (long)Of("n2"));
        var score = DifferenceScore.Of(data, Of("margin"))!.Value;
        Agrees("q1_tilde", score.CanaryShare);
        Agrees("q2_tilde", score.StableShare);
        Agrees("se", score.StandardError);
        Agrees("z_fm", score.Z);
        Agrees("z_mn", score.UnbiasedZ);
        var test = MarginScoreTest.FarringtonManning(Of("margin"));
        Agrees("p_noninferior", test.Test(data, new TestOptions { Alternative = Alternative.Less }).PValue);
        Agrees("p_worse_than_margin", test.Test(data, new TestOptions { Alternative = Alternative.Greater }).PValue);
    }

    [Covers("BI01-mendel")]
    [Fact]
    public void OneProportion_ReferenceCase_Agrees()
    {
        var reference = ReferenceCases.Get("BI01-mendel");
        reference.Agrees(reference.Expected.GetProperty("p_two").GetDouble(), OneProportion.Exact(682, 925, 0.75, Alternative.TwoSided)!.Value, "p_two");
        var (exact, wilson) = (OneProportion.ClopperPearson(682, 925, 0.95)!.Value, OneProportion.Wilson(682, 925, 0.95)!.Value);
        reference.Agrees("clopper_pearson95", [exact.Low, exact.High]);
        reference.Agrees("wilson95", [wilson.Low, wilson.High]);
    }

    [Covers("BY01-betabinomial")]
    [Fact]
    public void BetaBinomialPosterior_ReferenceCases_Agree()
    {
        var reference = ReferenceCases.Get("BY01-betabinomial");
        reference.Agrees("P", reference.Inputs.GetProperty("cases").EnumerateArray().Select(one =>
        {
            long Of(string name) => one.GetProperty(name).GetInt64();
            return BetaBinomialPosterior.ProbabilityCanaryHigher(new TwoProportions(Of("xc"), Of("nc"), Of("xb"), Of("nb")))!.Value;
        }));
    }
}
