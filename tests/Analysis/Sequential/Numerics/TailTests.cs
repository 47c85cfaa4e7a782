using MeshCanary.Analysis.Sequential.Numerics;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Sequential.Numerics;

public sealed class TailTests
{
    [Fact]
    public void IncompleteGamma_SmallToHuge_AgreesWithR()
    {
        foreach (var one in Cases("gamma"))
        {
            // x is given to 15 digits, which at z standard deviations from a is worth z·√a·1e-15 of the logarithm.
            var given = 1e-9 + (2e-14 * Math.Sqrt(one[0]));
            OwnCases.Near(one[2], IncompleteGamma.LogLower(one[0], one[1]), 1e-9, $"ln P({one[0]}, {one[1]})", given);
            OwnCases.Near(one[3], IncompleteGamma.LogUpper(one[0], one[1]), 1e-9, $"ln Q({one[0]}, {one[1]})", given);
        }

        Assert.Equal(double.NegativeInfinity, IncompleteGamma.LogLower(2, 0));
        Assert.Equal(0, IncompleteGamma.LogUpper(2, 0));
        Assert.True(double.IsNaN(IncompleteGamma.LogUpper(2, double.NaN)));
    }

    /// <summary>Just below and just above the size at which the expansion takes over.</summary>
    [Fact]
    public void IncompleteGamma_WhereMethodsMeet_IsContinuous()
    {
        foreach (var z in new[] { -8.0, -1, 0, 2, 9 })
        {
            double At(double a, bool isUpper) => isUpper ? IncompleteGamma.LogUpper(a, a + (z * Math.Sqrt(a))) : IncompleteGamma.LogLower(a, a + (z * Math.Sqrt(a)));
            OwnCases.Near(At(1e10, true), At(1e10 * (1 + 1e-9), true), 1e-8, $"ln Q at {z}", 1e-9);
            OwnCases.Near(At(1e10, false), At(1e10 * (1 + 1e-9), false), 1e-8, $"ln P at {z}", 1e-9);
        }
    }

    [Fact]
    public void IncompleteBeta_SmallToLarge_AgreesWithR()
    {
        foreach (var one in Cases("beta"))
            OwnCases.Near(one[3], IncompleteBeta.Log(one[0], one[1], one[2], 1 - one[2]), 1e-8, $"ln I_{one[2]}({one[0]}, {one[1]})", 1e-9);
        Assert.True(double.IsNaN(IncompleteBeta.Log(2, 3, double.NaN, double.NaN)));
    }

    [Fact]
    public void NormalLaw_BothTails_AgreesWithR()
    {
        foreach (var one in Cases("normal"))
            OwnCases.Near(one[1], NormalLaw.LogBelow(one[0]), 1e-12, $"ln Phi({one[0]})", 0);
    }

    private static IEnumerable<double[]> Cases(string list) => OwnCases.Read("Sequential", "tails.json", list).Select(ReferenceCase.Numbers);
}
