using CsCheck;
using MathNet.Numerics;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Tests.Sequential;

/// <summary>What makes the error rates hold: an expectation of at most 1 under every null, by exact enumeration.</summary>
public sealed class ValidityTests
{
    private const double Slack = 1e-9;
    private static readonly double[] Grid = [0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.97];

    private static readonly Gen<Margin> Margins = Gen.OneOf(Margin.None, new Margin(0.0005, 0.1), new Margin(0.02, 0), new Margin(0.05, 0.5));

    [Fact]
    public void TwoSampleEValue_AnyAlternative_ExpectationAtMostOneOnTheNull() =>
        Gen.Select(Margins, Gen.OneOf(Claim.Regression, Claim.Harmless), Gen.Int[1, 7], Gen.Int[1, 7], Gen.Double[0.0005, 0.9], Gen.Double[0.0005, 0.9])
            .Sample((margin, claim, canaries, stables, canary, stable) =>
            {
                foreach (var truth in Nulls(margin, claim))
                {
                    var expectation = 0.0;
                    for (var xc = 0; xc <= canaries; xc++)
                    {
                        for (var xb = 0; xb <= stables; xb++)
                        {
                            var log = TwoSampleEValue.Log(margin, claim, new BlockCounts(canaries, xc, stables, xb), new ArmRates(canary, stable));
                            expectation += Probability(canaries, xc, truth.Canary) * Probability(stables, xb, truth.Stable) * Math.Exp(log);
                        }
                    }

                    Assert.True(expectation <= 1 + Slack, $"E[e] = {expectation} at {truth}");
                }
            }, iter: 1000);

    [Fact]
    public void Project_AnyArmsAndAlternative_IsTheNearestPointOfTheBoundary() =>
        Gen.Select(Gen.Double[0, 0.9], Gen.Double[0, 3], Gen.Double[0, 9], Gen.Double[0, 9], Gen.Double[-7, 0], Gen.Double[-7, 0], Gen.Bool)
            .Sample((absolute, relative, logCanaries, logStables, logCanary, logStable, mirrored) =>
            {
                var margin = new Margin(Math.Round(absolute, 2), Math.Round(relative, 1));
                var (canaries, stables) = (Math.Floor(Math.Pow(10, logCanaries)), Math.Floor(Math.Pow(10, logStables)));
                double Rate(double log) => ArmRates.Clamp(mirrored ? 1 - Math.Pow(10, log) : Math.Pow(10, log));
                var alternative = new ArmRates(Rate(logCanary), Rate(logStable));
                var nearest = TwoSampleEValue.Project(margin, canaries, stables, alternative);
                double Divergence(double stable) => TwoSampleEValue.LogRatio(
                    new BlockCounts(canaries, canaries * alternative.Canary, stables, stables * alternative.Stable), alternative, new ArmRates(margin.Boundary(stable), stable));
                Assert.InRange(nearest.Stable, 0, 1);
                Assert.InRange(nearest.Canary, 0, 1);
                var least = Divergence(nearest.Stable);
                var rounding = 1e-14 * (canaries + stables);
                foreach (var factor in new[] { 0.5, 0.99, 0.9999, 1.0001, 1.01, 2 })
                {
                    foreach (var other in new[] { nearest.Stable * factor, 1 - ((1 - nearest.Stable) * factor) })
                    {
                        if (other is > 0 and < 1 && margin.Boundary(other) is > 0 and < 1)
                            Assert.True(Divergence(other) >= least - (1e-9 * (1 + Math.Abs(least))) - rounding, $"{other:R} is nearer than {nearest}");
                    }
                }
            }, iter: 3000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EvidenceProcess_ThreeBlocksWithDriftingRates_ExpectationAtMostOneOnTheNull(int planned)
    {
        foreach (var claim in new[] { Claim.Regression, Claim.Harmless })
        {
            var margin = claim == Claim.Regression ? new Margin(0.01, 0.1) : new Margin(0.05, 0);
            foreach (var stable in new[] { 0.05, 0.3, 0.8 })
            {
                var truths = new[] { stable, stable / 3, Math.Min(0.95, stable * 1.2) }
                    .Select(rate => new ArmRates(Math.Min(1, margin.Boundary(rate)), rate)).ToArray();
                var expectation = Expectation(margin, claim, new StartPrior(0.5, planned), truths, []);
                Assert.True(expectation <= 1 + Slack, $"{claim} at {stable}: E[E] = {expectation}");
            }
        }
    }

    [Fact]
    public void ConditionalEValue_EqualOdds_ExpectationIsOne() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6], Gen.Double[0.01, 0.99], Gen.Double[-3, 3]).Sample((canaries, stables, rate, logOdds) =>
        {
            var expectation = 0.0;
            for (var xc = 0; xc <= canaries; xc++)
            {
                for (var xb = 0; xb <= stables; xb++)
                    expectation += Probability(canaries, xc, rate) * Probability(stables, xb, rate) * Math.Exp(ConditionalEValue.Log(canaries, xc, stables, xb, logOdds));
            }

            Assert.Equal(1, expectation, 1e-9);
        }, iter: 200);

    [Fact]
    public void SampleRatioTest_WeightsThatChange_ExpectationIsOne()
    {
        int[] weights = [100, 2500, 5000];
        var expectation = 0.0;
        for (var outcome = 0; outcome < 125; outcome++)
        {
            var test = new SampleRatioTest(1e-4);
            var probability = 1.0;
            for (int step = 0, rest = outcome; step < 3; step++, rest /= 5)
            {
                probability *= Probability(4, rest % 5, weights[step] / 10_000.0);
                test.Observe([new DrawCounts(weights[step], 4 - (rest % 5), rest % 5)]);
            }

            expectation += probability * Math.Exp(test.LogEvidence);
        }

        Assert.Equal(1, expectation, 1e-9);
    }

    [Fact]
    public void TwoSampleEValue_AddedCanaryError_RaisesRegressionAndLowersHarmlessness() =>
        Gen.Select(Margins, Gen.Int[1, 5000], Gen.Int[1, 5000], Gen.Double[0.001, 0.5]).Sample((margin, canaries, stables, stable) =>
        {
            var process = (Claim claim, int errors) =>
            {
                var one = new EvidenceProcess(claim, margin, StartPrior.AtOnce);
                one.Observe(new BlockCounts(canaries, errors, stables, Math.Floor(stables * stable)), stable);
                return one.LogEvidence;
            };
            var errors = canaries / 3;
            Assert.True(process(Claim.Regression, errors + 1) >= process(Claim.Regression, errors));
            Assert.True(process(Claim.Harmless, errors + 1) <= process(Claim.Harmless, errors));
        }, iter: 300);

    [Fact]
    public void Closure_AnyEvidence_IsTheSmallestMeanOverAllSets() =>
        Gen.Select(Gen.Double[-20, 20].Array[1, 6], Gen.Double[0.05, 1].Array[6, 6]).Sample((logs, all) =>
        {
            var weights = all[..logs.Length];
            var adjusted = new double[logs.Length];
            EvidenceMerging.Closure(logs, weights, adjusted);
            for (var k = 0; k < logs.Length; k++)
            {
                var least = double.PositiveInfinity;
                for (var set = 1; set < 1 << logs.Length; set++)
                {
                    if ((set >> k & 1) == 0)
                        continue;
                    var members = Enumerable.Range(0, logs.Length).Where(m => (set >> m & 1) == 1).ToArray();
                    least = Math.Min(least, EvidenceMerging.Average([.. members.Select(m => logs[m])], [.. members.Select(m => weights[m])]));
                }

                Assert.Equal(least, adjusted[k], 1e-9);
            }
        }, iter: 300);

    private static double Expectation(Margin margin, Claim claim, StartPrior prior, ArmRates[] truths, List<BlockCounts> history)
    {
        const int N = 3;
        if (history.Count == truths.Length)
        {
            var process = new EvidenceProcess(claim, margin, prior);
            var rate = new StableRate { Prior = 0.1 };
            foreach (var block in history)
            {
                process.Observe(block, rate.Value);
                rate.Add(N, (long)block.StableEvents);
            }

            return Math.Exp(process.LogEvidence);
        }

        var truth = truths[history.Count];
        var sum = 0.0;
        for (var outcome = 0; outcome < (N + 1) * (N + 1); outcome++)
        {
            var (xc, xb) = (outcome / (N + 1), outcome % (N + 1));
            history.Add(new BlockCounts(N, xc, N, xb));
            sum += Probability(N, xc, truth.Canary) * Probability(N, xb, truth.Stable) * Expectation(margin, claim, prior, truths, history);
            history.RemoveAt(history.Count - 1);
        }

        return sum;
    }

    private static IEnumerable<ArmRates> Nulls(Margin margin, Claim claim) =>
        from stable in Grid
        from canary in Grid.Append(margin.Boundary(stable))
        let truth = new ArmRates(canary, stable)
        where canary <= 1 && TwoSampleEValue.IsInsideNull(margin, claim, truth)
        select truth;

    private static double Probability(int n, int x, double p) => SpecialFunctions.Binomial(n, x) * Math.Pow(p, x) * Math.Pow(1 - p, n - x);
}
