using MeshCanary.Analysis.Sequential.Boundaries;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Sequential.Boundaries;

public sealed class BoundaryCrossCheckTests
{
    [Fact]
    public void Mixtures_RandomCases_AgreeWithR()
    {
        foreach (var (one, number) in OwnCases.Read("Sequential", "boundaries.json", "cases").Select((one, number) => (ReferenceCase.Numbers(one), number)))
        {
            var (c, h, at, tuned, s, v, alpha) = (one[1], one[2], one[3], one[4], one[5], one[6], one[7]);
            var mixture = Create((int)one[0], c, h, at, tuned);

            // The reference itself cancels: its large parts are of the size of v in units of c².
            OwnCases.Near(one[8], mixture.LogSupermartingale(s, v), 1e-8, $"ln m of case {number}", 1e-8);
            OwnCases.Near(one[9], mixture.Bound(v, alpha), 1e-8, $"bound of case {number}");
        }
    }

    [Fact]
    public void Stitching_RandomCases_AgreeWithScipy()
    {
        foreach (var one in OwnCases.Read("Sequential", "sequential.json", "stitching").Select(ReferenceCase.Numbers))
            OwnCases.Near(one[6], new PolynomialStitching(one[0], one[1], one[2], one[3]).Bound(one[4], one[5]), 1e-11, "bound");
    }

    [Fact]
    public void EmpiricalProcessBound_OtherLevels_AgreeWithScipy()
    {
        foreach (var one in OwnCases.Read("Sequential", "sequential.json", "empirical").Select(ReferenceCase.Numbers))
            OwnCases.Near(one[2], new EmpiricalProcessBound(one[0], 1, one[1]).Constant, 1e-8, $"C at {one[0]}, {one[1]}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Bound_AnyFamily_IsWhereTheSupermartingaleReachesTheThreshold(int family)
    {
        foreach (var v in new[] { 0, 1e-6, 0.3, 40, 1e4, 1e9 })
        {
            foreach (var alpha in new[] { 0.5, 0.05, 1e-9 })
            {
                var mixture = Create(family, 0.2, 0.8, 100, 0.05);
                var bound = mixture.Bound(v, alpha);
                if (family < 4 || bound < v / 0.2)
                    OwnCases.Near(-Math.Log(alpha), mixture.LogSupermartingale(bound, v), 1e-7, $"v {v}, alpha {alpha}", 1e-7);
                else
                    Assert.True(mixture.LogSupermartingale(v / 0.2, v) < -Math.Log(alpha));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void LogSupermartingale_AtTheStart_IsZero(int family) =>
        Assert.Equal(0, Create(family, 0.2, 0.8, 100, 0.05).LogSupermartingale(0, 0), 1e-12);

    [Fact]
    public void Mixtures_ImpossibleSums_AreNeverTooMuchEvidence()
    {
        Assert.Equal(double.NegativeInfinity, Create(2, 2, 0, 100, 0.05).LogSupermartingale(-1e6, 10));
        Assert.Equal(double.NegativeInfinity, Create(3, 2, 0, 100, 0.05).LogSupermartingale(-1e6, 10));
        Assert.Equal(double.NegativeInfinity, Create(5, 0.2, 0.8, 100, 0.05).LogSupermartingale(-1e6, 10));
        var two = Create(4, 0.2, 0.8, 100, 0.05);
        Assert.Equal(two.LogSupermartingale(50, 10), two.LogSupermartingale(1e6, 10));
        Assert.Equal(two.LogSupermartingale(-12.5, 10), two.LogSupermartingale(-1e6, 10));
        for (var family = 0; family < 6; family++)
            Assert.True(double.IsNaN(Create(family, 0.2, 0.8, 100, 0.05).LogSupermartingale(double.NaN, 10)));
    }

    [Fact]
    public void Boundaries_OptionsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MixtureTuning.TwoSided(0, 0.05));
        Assert.Throws<ArgumentOutOfRangeException>(() => MixtureTuning.TwoSided(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MixtureTuning.OneSided(1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GammaPoissonMixture(1, 0.05, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BetaBinomialMixture(1, 0.05, double.NaN, 1, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoSidedNormalMixture(1, 0.05).Bound(-1, 0.05));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TwoSidedNormalMixture(1, 0.05).Bound(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialStitching(1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolynomialStitching(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmpiricalProcessBound(0.05, 1, 0.7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmpiricalProcessBound(0.05, 0));
    }

    /// <summary>E[m] over two Bernoulli values, for every mean and both branches of the tree.</summary>
    [Fact]
    public void BetaBinomial_BernoulliTree_ExpectationAtMostOne()
    {
        foreach (var p in new[] { 0.01, 0.2, 0.5, 0.93 })
        {
            foreach (var isOneSided in new[] { false, true })
            {
                var mixture = new BetaBinomialMixture(5, 0.05, p, 1 - p, isOneSided);
                const int N = 12;
                var expectation = 0.0;
                for (var x = 0; x <= N; x++)
                    expectation += MathNet.Numerics.Distributions.Binomial.PMF(p, N, x) * Math.Exp(mixture.LogSupermartingale(x - (N * p), N * p * (1 - p)));
                Assert.Equal(1, expectation, 1e-9);
            }
        }
    }

    private static IMixtureBoundary Create(int family, double c, double h, double at, double tuned) => family switch
    {
        0 => new TwoSidedNormalMixture(at, tuned),
        1 => new OneSidedNormalMixture(at, tuned),
        2 => new GammaExponentialMixture(at, tuned, c),
        3 => new GammaPoissonMixture(at, tuned, c),
        4 => new BetaBinomialMixture(at, tuned, c, h, isOneSided: false),
        _ => new BetaBinomialMixture(at, tuned, c, h, isOneSided: true),
    };
}
