using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Watching;

/// <summary>What the run itself measured, frozen at promotion: requests and bad events of one arm over the run.</summary>
/// <param name="Requests">Requests, at least 0.</param>
/// <param name="Events">Of them the bad ones.</param>
public readonly record struct PromotionReference(long Requests, long Events)
{
    /// <summary>
    /// Upper confidence limit of the rate at level 1 − <paramref name="doubt"/>: the p with I_{1−p}((n−x)/φ, x/φ + 1) = doubt.
    /// Clopper and Pearson 1934 for φ = 1, where it is exact; φ > 1 takes n/φ requests for what they are worth. 1 when there are
    /// no requests, or all of them were bad.
    /// </summary>
    /// <param name="doubt">Inside (0, 1).</param>
    /// <param name="overdispersion">φ ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public double UpperRate(double doubt, double overdispersion)
    {
        Require.Confidence(doubt);
        Require.Overdispersion(overdispersion);
        if (Requests <= Events)
            return 1;
        var (good, bad) = ((Requests - Events) / overdispersion, Events / overdispersion);
        return BetaTail.UpperQuantile(doubt, bad + 1, good);
    }
}
