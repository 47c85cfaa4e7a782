using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Tests.Sequential;

public sealed class PairedProcessTests
{
    private static readonly double[] Differences = [0.5, -1, 2, 0.25, 3, -0.5, 1, 1, 4];

    [Theory]
    [InlineData(0.5, 20)]
    [InlineData(1, 1)]
    public void Observe_Differences_IsTheMixtureOverStartsAndBetsByItsDefinition(double first, int planned)
    {
        var prior = new StartPrior(first, planned);
        var process = new PairedProcess(prior);
        for (var count = 1; count <= Differences.Length; count++)
        {
            process.Observe(Differences[count - 1]);
            var expected = prior.Later(count);
            foreach (var bet in new[] { 0.25, 0.5, 1, 2, 4 })
            {
                for (var start = 1; start <= count; start++)
                    expected += prior.Probability(start) / 5 * Product(bet, start, count);
            }

            Assert.Equal(Math.Log(expected), process.LogEvidence, 10);
        }
    }

    // What docs/metrics-custom.md says of how many answers are the least.
    [Fact]
    public void Observe_TheClearestDifferences_NeedsAsManyReadingsAsDocumented()
    {
        Assert.Equal(14, ReadingsTo(1 / (0.01 * 0.1), new StartPrior(0.5, 360)));
        Assert.Equal(7, ReadingsTo(1 / 0.05, StartPrior.AtOnce));
    }

    [Fact]
    public void Observe_ALowerNull_GivesLessEvidence()
    {
        var (zero, lower) = (new PairedProcess(StartPrior.AtOnce), new PairedProcess(StartPrior.AtOnce));
        foreach (var difference in new[] { 5.0, 1, 2, 1 })
        {
            zero.Observe(difference);
            lower.Observe(difference == 5 ? 5 : difference - 3);
        }

        Assert.True(lower.LogEvidence < zero.LogEvidence);
    }

    [Fact]
    public void Observe_Extremes_StaysFinite()
    {
        var process = new PairedProcess(StartPrior.AtOnce);
        foreach (var difference in new[] { 0, 1e-300, double.MaxValue, -double.MaxValue, 1 })
            process.Observe(difference);
        Assert.True(double.IsFinite(process.LogEvidence));
    }

    private static int ReadingsTo(double evidence, StartPrior prior)
    {
        var process = new PairedProcess(prior);
        while (process.LogEvidence < Math.Log(evidence))
            process.Observe(1);
        return process.Blocks;
    }

    private static double Product(double bet, int start, int end)
    {
        var product = 1.0;
        for (var place = start; place <= end; place++)
        {
            var scale = Math.Sqrt(Differences.Take(place - 1).Select(past => past * past).DefaultIfEmpty(0).Average());
            var u = scale > 0 ? Differences[place - 1] / scale : 0;
            product *= Math.Exp(bet * u) / Math.Cosh(bet * u);
        }

        return product;
    }
}
