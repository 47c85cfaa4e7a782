using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>P-values of a standard normal score that is large when the canary is.</summary>
internal static class NormalScore
{
    public static double PValue(double z, Alternative alternative) => alternative switch
    {
        Alternative.Greater => NormalTail.Upper(z),
        Alternative.Less => NormalTail.Lower(z),
        _ => NormalTail.TwoSided(z),
    };
}
