using System.Collections.Immutable;
using MeshCanary.Analysis.Kayenta;
using MeshCanary.Analysis.Tests.Judging;

namespace MeshCanary.Analysis.Tests.Kayenta;

/// <summary>What the first version does though nobody would ask for it, and what the second does instead.</summary>
public sealed class QuirkTests
{
    private const double NaN = double.NaN;

    [Fact]
    public void EveryMetricInError_FirstVersionPassesWith100_SecondFails()
    {
        var pairs = new[] { Pair([0, 0, 0], [5]), Pair([7], [0, 0]) with { Name = "n" } };
        var first = Judge(KayentaVersion.V1, pairs);
        Assert.All(first.Metrics, metric => Assert.Equal(KayentaLabel.Error, metric.Label));
        Assert.Equal((100.0, KayentaOutcome.Pass), (first.Score, first.Outcome));

        var broken = new[] { Pair([5, 6, 7, 8, 9], [1, 2, 3, 4, double.PositiveInfinity]), Pair([-1.5e308, 0, 0, 0, 0], [1, 2, 3, 4, 1.5e308]) with { Name = "n" } };
        Assert.Equal((100.0, KayentaOutcome.Pass), (Judge(KayentaVersion.V1, broken).Score, Judge(KayentaVersion.V1, broken).Outcome));
        var second = Judge(KayentaVersion.V2, broken);
        Assert.All(second.Metrics, metric => Assert.Equal(KayentaLabel.Error, metric.Label));
        Assert.Equal((0.0, KayentaOutcome.Fail), (second.Score, second.Outcome));
    }

    [Fact]
    public void CriticalMetricInError_FirstVersionPasses_SecondFails()
    {
        var config = Config(new KayentaMetric { Name = "m", Groups = ["g"], Critical = true }, new KayentaMetric { Name = "n", Groups = ["g"] });
        var pairs = new[] { Pair([5, 6, 7, 8, 9], [1, 2, 3, 4, double.NegativeInfinity]), Pair([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]) with { Name = "n" } };
        Assert.Equal(100, new KayentaJudge(config, KayentaVersion.V1).Judge(pairs).Score);
        Assert.Equal(0, new KayentaJudge(config, KayentaVersion.V2).Judge(pairs).Score);
    }

    [Fact]
    public void TwoPointsAgainstTwo_FirstVersionJudgesOneInThreeOfThem_SecondNone()
    {
        // No arrangement of 2 + 2 values is rarer than 1 in 6, so a test at 2 % can say nothing; 2 of 6 arrangements are separated.
        var values = new[] { 1.0, 2, 3, 4 };
        var first = new List<KayentaLabel>();
        for (var i = 0; i < 4; i++)
        {
            for (var j = i + 1; j < 4; j++)
            {
                double[] experiment = [values[i], values[j]];
                var pair = Pair([.. values.Except(experiment)], [.. experiment]);
                first.Add(Judge(KayentaVersion.V1, pair).Metrics[0].Label);
                var second = Judge(KayentaVersion.V2, pair);
                Assert.Equal((KayentaLabel.Inconclusive, KayentaOutcome.Inconclusive, null), (second.Metrics[0].Label, second.Outcome, second.Score));
            }
        }

        Assert.Equal(1, first.Count(label => label == KayentaLabel.High));
        Assert.Equal(1, first.Count(label => label == KayentaLabel.Low));
    }

    [Theory]
    [InlineData(2, 0.238)]
    [InlineData(3, 0.049)]
    public void FewPoints_EqualArms_FirstVersionFindsDifferencesFarAboveItsTwoPercent(int points, double share)
    {
        var random = new Random(20260701);
        var found = 0;
        for (var i = 0; i < 20_000; i++)
        {
            double[] control = Normals(random, points), experiment = Normals(random, points);
            found += KayentaClassifier.Classify(control, experiment, new KayentaRules { Version = KayentaVersion.V1 }).Label == KayentaLabel.Pass ? 0 : 1;
        }

        Assert.InRange((found / 20_000.0) - share, -0.006, 0.006);
    }

    [Fact]
    public void UnattainableLevel_MinimumOfOne_IsStillInconclusive()
    {
        var config = Config(new KayentaMetric { Name = "m", Groups = ["g"] }) with { MinimumPoints = 1 };
        var judge = new KayentaJudge(config, KayentaVersion.V2);
        Assert.Equal(KayentaLabel.Inconclusive, judge.Judge([Pair([1, 2, 3, 4], [11, 12, 13, 14])]).Metrics[0].Label);
        Assert.Equal(KayentaLabel.Inconclusive, judge.Judge([Pair([1, 2], [1, 2])]).Metrics[0].Label);
        Assert.Equal(KayentaLabel.High, judge.Judge([Pair([1, 2, 3, 4, 5], [11, 12, 13, 14, 15])]).Metrics[0].Label);
        Assert.Equal(KayentaLabel.High, judge.Judge([Pair([.. Enumerable.Range(0, 99).Select(value => (double)value)], [1000])]).Metrics[0].Label);
    }

    [Fact]
    public void Seconds_FirstVersionDependsOnTheUnit_SecondDoesNot()
    {
        // The same latencies, 20 % apart: in microseconds, and in seconds, where all of it lies inside the root's tolerance.
        double[] control = [30, 31, 32, 33, 34, 35, 36, 37, 38, 39], experiment = Array.ConvertAll(control, value => value * 1.2);
        var (micros, seconds) = (Pair([.. control], [.. experiment]), Pair([.. control.Select(value => value * 1e-6)], [.. experiment.Select(value => value * 1e-6)]));
        Assert.Equal(KayentaLabel.High, Judge(KayentaVersion.V1, micros).Metrics[0].Label);
        Assert.NotEqual(KayentaLabel.High, Judge(KayentaVersion.V1, seconds).Metrics[0].Label);
        foreach (var pair in new[] { micros, seconds })
            Assert.Equal(KayentaLabel.High, Judge(KayentaVersion.V2, pair).Metrics[0].Label);
    }

    [Fact]
    public void JunkInterval_FirstVersionEndsCross_SecondAreInOrder()
    {
        var pair = Pair([.. KayentaReference.Sample("nearlyZero")], [.. KayentaReference.Sample("mostlyZero")]);
        var crossed = KayentaClassifier.Classify([.. pair.Control], [.. pair.Experiment], new KayentaRules { Version = KayentaVersion.V1, Confidence = 0.95 }).Shift!;
        Assert.True(crossed.Low > crossed.High);
        Assert.Equal(new ShiftInterval(0, 0, 0), Judge(KayentaVersion.V2, pair).Metrics[0].Shift);
    }

    [Fact]
    public void ToleranceOfAQuarter_BothVersions_IsOfTheShiftItself()
    {
        double[] control = [.. Enumerable.Range(0, 40).Select(index => 100 + (0.0001 * index))];
        var pair = Pair([.. control], [.. control.Select(value => value + 0.1)]);
        foreach (var version in new[] { KayentaVersion.V1, KayentaVersion.V2 })
        {
            Assert.Equal(KayentaLabel.High, Judge(version, pair).Metrics[0].Label);
            var config = Config(new KayentaMetric { Name = "m", Groups = ["g"], EffectSize = new KayentaEffectSize { AllowedIncrease = 1.01 } });
            Assert.Equal(KayentaLabel.Pass, new KayentaJudge(config, version).Judge([pair]).Metrics[0].Label);
        }
    }

    [Fact]
    public void GapsOnlyAndReplace_FirstVersionComparesZeros_SecondHasNoData()
    {
        var config = Config(new KayentaMetric { Name = "m", Groups = ["g"], NanStrategy = "replace", MustHaveData = true });
        var gaps = Pair([10, 11, 12, 13, 14, 15], [NaN, NaN, NaN, NaN, NaN, NaN]);
        Assert.Equal(KayentaLabel.Low, new KayentaJudge(config, KayentaVersion.V1).Judge([gaps]).Metrics[0].Label);
        Assert.Equal(KayentaLabel.NodataFailMetric, new KayentaJudge(config, KayentaVersion.V2).Judge([gaps]).Metrics[0].Label);
        var none = gaps with { Experiment = [] };
        Assert.Equal(100, new KayentaJudge(config, KayentaVersion.V1).Judge([none]).Score);
        Assert.Equal(0, new KayentaJudge(config, KayentaVersion.V2).Judge([none]).Score);
    }

    [Theory]
    [InlineData(false, false, KayentaLabel.Nodata, false)]
    [InlineData(true, false, KayentaLabel.NodataFailMetric, false)]
    [InlineData(false, true, KayentaLabel.Nodata, true)]
    [InlineData(true, true, KayentaLabel.Nodata, true)]
    public void NoData_Flags_DecideTheLabelInBothVersions(bool required, bool critical, KayentaLabel label, bool isCritical)
    {
        var config = Config(new KayentaMetric { Name = "m", Groups = ["g"], MustHaveData = required, Critical = critical });
        foreach (var version in new[] { KayentaVersion.V1, KayentaVersion.V2 })
        {
            var judgement = new KayentaJudge(config, version).Judge([Pair([1, 2, 3, 4, 5], [NaN, NaN])]);
            Assert.Equal((label, isCritical), (judgement.Metrics[0].Label, judgement.Metrics[0].Critical));
            Assert.Equal(label == KayentaLabel.Nodata && !critical && version == KayentaVersion.V2 ? KayentaOutcome.Inconclusive : KayentaOutcome.Fail, judgement.Outcome);
        }
    }

    [Fact]
    public void TwoConstants_FirstVersionAddsSeededNoise_SecondNeedsNone()
    {
        var pair = Pair([1, 1, 1, 1, 1], [10, 10, 10, 10, 10]);
        var first = Judge(KayentaVersion.V1, pair);
        Assert.Equal(KayentaLabel.High, first.Metrics[0].Label);
        Assert.NotEqual(9, first.Metrics[0].Shift!.Estimate);
        Assert.Equal(JudgeAssertions.Json(first), JudgeAssertions.Json(Judge(KayentaVersion.V1, pair)));
        Assert.NotEqual(first.Metrics[0].Shift, new KayentaJudge(Config(), KayentaVersion.V1, noiseSeed: 1).Judge([pair]).Metrics[0].Shift);
        Assert.Equal(new ShiftInterval(9, 9, 9), Judge(KayentaVersion.V2, pair).Metrics[0].Shift);
    }

    [Fact]
    public void OutlierRemoval_BothVersions_DeletesARegressionOfTheTail()
    {
        ImmutableArray<double> control = [.. Enumerable.Range(0, 60).Select(index => 10 + (0.1 * (index % 7)))];
        var pair = Pair(control, [.. control.Select((value, index) => index % 10 == 0 ? value + (index == 0 ? 900 : 100) : value)]);
        foreach (var version in new[] { KayentaVersion.V1, KayentaVersion.V2 })
        {
            var removing = new KayentaJudge(Config(new KayentaMetric { Name = "m", Groups = ["g"], OutlierStrategy = "remove" }), version).Judge([pair]).Metrics[0];
            Assert.Equal(59, removing.Experiment.Count);
            Assert.Equal(60, Judge(version, pair).Metrics[0].Experiment.Count);
        }
    }

    [Fact]
    public void UnknownData_BothVersions_FailAndSayWhy()
    {
        foreach (var version in new[] { KayentaVersion.V1, KayentaVersion.V2 })
        {
            var judgement = Judge(version, Pair([1], [1]) with { Name = "cpu" });
            Assert.Equal((0.0, KayentaOutcome.Fail, "The data hold cpu, which is not configured."), (judgement.Score, judgement.Outcome, judgement.Reason));
            Assert.Contains("has no series of m", new KayentaJudge(Config(), version).Judge((IReadOnlyCollection<KayentaSeries>)[], []).Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(95, KayentaOutcome.Pass)]
    [InlineData(94.99, KayentaOutcome.Marginal)]
    [InlineData(75, KayentaOutcome.Marginal)]
    [InlineData(74.99, KayentaOutcome.Fail)]
    public void Outcome_OnAThreshold_ReachesIt(double score, KayentaOutcome outcome)
    {
        var config = Config(new KayentaMetric { Name = "m", Groups = ["good"] }, new KayentaMetric { Name = "n", Groups = ["bad"] }) with
        {
            GroupWeights = ImmutableSortedDictionary<string, double>.Empty.Add("good", score).Add("bad", 100 - score),
        };
        var good = Pair([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]);
        foreach (var version in new[] { KayentaVersion.V1, KayentaVersion.V2 })
        {
            var judgement = new KayentaJudge(config, version).Judge([good, Pair([1, 2, 3, 4, 5], [11, 12, 13, 14, 15]) with { Name = "n" }]);
            Assert.Equal((score, outcome), (judgement.Score, judgement.Outcome));
            Assert.EndsWith("; n High.", judgement.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TwoHugeConstants_NoiseThatOverflows_IsAnError()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var judge = new KayentaJudge(Config(), KayentaVersion.V1, seed);
            Assert.Contains(judge.Judge([Pair([1.6e307], [double.MaxValue])]).Metrics[0].Label, new[] { KayentaLabel.Error, KayentaLabel.High });
        }
    }

    [Fact]
    public void Judgement_AnyValues_IsSaneAndSurvivesJson()
    {
        var random = new Random(7);
        for (var i = 0; i < 4000; i++)
        {
            var config = Config(new KayentaMetric
            {
                Name = "m",
                Groups = ["g"],
                OutlierStrategy = random.Next(2) == 0 ? "remove" : "keep",
                NanStrategy = random.Next(2) == 0 ? "replace" : "remove",
                EffectSize = new KayentaEffectSize { Measure = random.Next(2) == 0 ? "cles" : "meanRatio" },
            });
            var pair = Pair(Anything(random), Anything(random));
            foreach (var version in new[] { KayentaVersion.V1, KayentaVersion.V2 })
            {
                var judgement = new KayentaJudge(config, version).Judge([pair]);
                Assert.True(version == KayentaVersion.V1 || judgement.Outcome == KayentaOutcome.Inconclusive == judgement.Score is null);
                Assert.False(string.IsNullOrWhiteSpace(judgement.Reason));
                Assert.Equal(JudgeAssertions.Json(judgement), JudgeAssertions.Json(JudgeAssertions.RoundTrip(judgement)));
                if (version == KayentaVersion.V2 && judgement.Metrics[0].Shift is { } shift)
                    Assert.True(shift.Low <= shift.Estimate && shift.Estimate <= shift.High);
            }
        }
    }

    [Fact]
    public void SecondVersion_ArmsSwapped_SwapsHighAndLow()
    {
        var random = new Random(8);
        var judge = new KayentaJudge(Config(new KayentaMetric { Name = "m", Groups = ["g"], EffectSize = new KayentaEffectSize { Measure = "cles" } }), KayentaVersion.V2);
        var high = 0;
        for (var i = 0; i < 1000; i++)
        {
            ImmutableArray<double> left = Whole(random, 9), right = Whole(random, 15);
            var (there, back) = (judge.Judge([Pair(left, right)]).Metrics[0].Label, judge.Judge([Pair(right, left)]).Metrics[0].Label);
            Assert.Equal(there, back switch { KayentaLabel.High => KayentaLabel.Low, KayentaLabel.Low => KayentaLabel.High, var other => other });
            high += there == KayentaLabel.High ? 1 : 0;
        }

        Assert.InRange(high, 50, 950);
    }

    private static ImmutableArray<double> Whole(Random random, int below) => [.. Enumerable.Range(0, random.Next(5, 21)).Select(_ => (double)random.Next(below))];

    private static ImmutableArray<double> Anything(Random random)
    {
        double[] odd = [NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, 1e-320, double.MaxValue];
        var kind = random.Next(3);
        return [.. Enumerable.Range(0, random.Next(13)).Select(_ => (kind == 0 ? random.Next(4) : kind) switch
        {
            0 => (random.NextDouble() * 20) - 10,
            1 => random.Next(4),
            2 => ((random.NextDouble() * 2) - 1) * 3e307,
            _ => odd[random.Next(odd.Length)],
        })];
    }

    // Any continuous distribution; the effect size is kept out of it by having no mean near zero.
    private static double[] Normals(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) + 100)];

    private static KayentaJudgement Judge(KayentaVersion version, params KayentaPair[] pairs) => new KayentaJudge(Config(), version).Judge(pairs);

    private static KayentaConfig Config(params KayentaMetric[] metrics) => new()
    {
        Metrics = metrics.Length > 0 ? [.. metrics] : [new KayentaMetric { Name = "m", Groups = ["g"] }, new KayentaMetric { Name = "n", Groups = ["g"] }],
    };

    private static KayentaPair Pair(ImmutableArray<double> control, ImmutableArray<double> experiment) => new("m", control, experiment);
}
