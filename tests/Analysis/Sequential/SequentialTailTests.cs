using MeshCanary.Analysis.Numerics;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Sequential;

public sealed class SequentialTailTests
{
    [Fact]
    public void GammaTail_SmallToHuge_AgreesWithR()
    {
        foreach (var one in Cases("gamma"))
        {
            // x is given to 15 digits, which at z standard deviations from a is worth z·√a·1e-15 of the logarithm.
            var given = 1e-9 + (2e-14 * Math.Sqrt(one[0]));
            OwnCases.Near(one[2], GammaTail.LogLower(one[1], one[0]), 1e-9, $"ln P({one[0]}, {one[1]})", given);
            OwnCases.Near(one[3], GammaTail.LogUpper(one[1], one[0]), 1e-9, $"ln Q({one[0]}, {one[1]})", given);
        }
    }

    [Fact]
    public void BetaTail_SmallToLarge_AgreesWithR()
    {
        foreach (var one in Cases("beta"))
            OwnCases.Near(one[3], BetaTail.LogLower(one[2], one[0], one[1]), 1e-8, $"ln I_{one[2]}({one[0]}, {one[1]})", 1e-9);
    }

    [Fact]
    public void NormalTail_BothTails_AgreesWithR()
    {
        foreach (var one in Cases("normal"))
            OwnCases.Near(one[1], NormalTail.LogLower(one[0]), 1e-12, $"ln Phi({one[0]})", 0);
    }

    private static IEnumerable<double[]> Cases(string list) => OwnCases.Read("Sequential", "tails.json", list).Select(ReferenceCase.Numbers);
}
