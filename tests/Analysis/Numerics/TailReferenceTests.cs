using MeshCanary.Analysis.Numerics;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Numerics;

public sealed class TailReferenceTests
{
    private const double Tight = 2e-13;

    private static readonly ReferenceTable Table = new("Numerics", "numerics.json");

    [Fact]
    public void NormalTail_ManyDigits_Agrees()
    {
        Table.Agrees("normalLogUpper", 1, row => [NormalTail.LogUpper(row[0])], Tight);
        Table.Agrees("normalUpperQuantile", 1, row => [NormalTail.UpperQuantile(row[0])], Tight);
    }

    [Fact]
    public void LogGamma_ManyDigits_Agrees()
    {
        Table.Agrees("logGamma", 1, row => [LogGamma.Value(row[0])], Tight, 1e-14);
        Table.Agrees("logGammaDifference", 2, row => [LogGamma.Difference(row[0], row[1])], Tight, 1e-14);
        Table.Agrees("logBeta", 2, row => [LogGamma.Beta(row[0], row[1])], Tight, 1e-14);
        Table.Agrees("logChoose", 2, row => [LogGamma.Choose((long)row[0], (long)row[1])], Tight);
    }

    // An absolute error of a logarithm is a relative error of the probability.
    [Fact]
    public void BetaTail_BothTailsOfAllSizes_Agree() =>
        Table.Agrees("betaLogTails", 3, row => [BetaTail.LogLower(row[2], row[0], row[1]), BetaTail.LogUpper(row[2], row[0], row[1])], 1e-15, Tight);

    [Fact]
    public void BetaTail_Quantiles_Agree() =>
        Table.Agrees("betaLowerQuantile", 3, row => [BetaTail.LowerQuantile(row[0], row[1], row[2])], Tight);

    [Fact]
    public void GammaTail_BothTailsOfAllSizes_Agree() =>
        Table.Agrees("gammaLogTails", 2, row => [GammaTail.LogLower(row[1], row[0]), GammaTail.LogUpper(row[1], row[0])], 0, Tight);

    [Fact]
    public void StudentTail_FarTails_Agree()
    {
        Table.Agrees("studentLogUpper", 2, row => [StudentTail.LogUpper(row[0], row[1])], 1e-15, Tight);
        Table.Agrees("studentLogUpperLarge", 2, row => [StudentTail.LogUpper(row[0], row[1])], 1e-15, Tight);
    }

    [Fact]
    public void StudentTail_Quantiles_Agree() => Table.Agrees("studentUpperQuantile", 2, row => [StudentTail.UpperQuantile(row[0], row[1])], Tight);

    [Fact]
    public void ChiSquaredTail_Quantiles_Agree() => Table.Agrees("chiSquaredUpperQuantile", 2, row => [ChiSquaredTail.UpperQuantile(row[0], row[1])], Tight);
}
