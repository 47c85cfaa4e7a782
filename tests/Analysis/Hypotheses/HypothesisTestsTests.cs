using MeshCanary.Analysis.Hypotheses;

namespace MeshCanary.Analysis.Tests.Hypotheses;

public sealed class HypothesisTestsTests
{
    [Fact]
    public void EveryTest_IsFoundByItsName()
    {
        Assert.All(HypothesisTests.OfSamples, test => Assert.Same(test, HypothesisTests.ForSamples(test.Name)));
        Assert.All(HypothesisTests.OfProportions, test => Assert.Same(test, HypothesisTests.ForProportions(test.Name)));
    }

    [Fact]
    public void UnknownName_IsRefusedWithThoseThatThereAre()
    {
        Assert.Contains("mann-whitney, kolmogorov-smirnov, welch-t", Assert.Throws<ArgumentException>(() => HypothesisTests.ForSamples("wilcoxon")).Message, StringComparison.Ordinal);
        Assert.Contains("fisher-exact", Assert.Throws<ArgumentException>(() => HypothesisTests.ForProportions("welch-t")).Message, StringComparison.Ordinal);
    }
}
