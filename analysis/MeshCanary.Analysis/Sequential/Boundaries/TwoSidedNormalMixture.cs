using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Boundaries;

/// <summary>
/// Two-sided normal mixture for sub-Gaussian sums: ln m = ½·ln(ρ/(V+ρ)) + S²/(2(V+ρ)); its bound is closed and holds for
/// |S|: √((V+ρ)(ln(1+V/ρ) + 2·ln(1/α))). Robbins 1970; Howard et al. 2021, eq. 14. Immutable and thread-safe.
/// </summary>
public sealed class TwoSidedNormalMixture : IMixtureBoundary
{
    /// <summary>Tunes the mixture.</summary>
    /// <param name="tightestAt">Intrinsic time at which the bound shall be tightest, above 0.</param>
    /// <param name="alpha">Level it is tuned for, inside (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public TwoSidedNormalMixture(double tightestAt, double alpha) => Rho = MixtureTuning.TwoSided(tightestAt, alpha);

    /// <summary>ρ, in squared units of the data.</summary>
    public double Rho { get; }

    /// <inheritdoc/>
    public double LogSupermartingale(double sum, double variance)
    {
        Require.NotNegative(variance);
        var widened = variance + Rho;
        return (-0.5 * Logarithms.OnePlus(variance / Rho)) + (sum / widened * sum / 2);
    }

    /// <inheritdoc/>
    public double Bound(double variance, double alpha)
    {
        Require.NotNegative(variance);
        Require.Confidence(alpha);
        return Math.Sqrt((variance + Rho) * (Logarithms.OnePlus(variance / Rho) - (2 * Math.Log(alpha))));
    }
}
