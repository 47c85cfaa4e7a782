using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Boundaries;

/// <summary>
/// One-sided normal mixture (half-normal mixing) for sub-Gaussian sums:
/// ln m = ½·ln(4ρ/(V+ρ)) + S²/(2(V+ρ)) + ln Φ(S/√(V+ρ)). Howard et al. 2021, proposition 6. Immutable and thread-safe.
/// </summary>
public sealed class OneSidedNormalMixture : IMixtureBoundary
{
    /// <summary>Tunes the mixture.</summary>
    /// <param name="tightestAt">Intrinsic time at which the bound shall be tightest, above 0.</param>
    /// <param name="alpha">Level it is tuned for, inside (0, ½).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public OneSidedNormalMixture(double tightestAt, double alpha) => Rho = MixtureTuning.OneSided(tightestAt, alpha);

    /// <summary>ρ, in squared units of the data.</summary>
    public double Rho { get; }

    /// <inheritdoc/>
    public double LogSupermartingale(double sum, double variance)
    {
        Require.NotNegative(variance);
        var z = sum / Math.Sqrt(variance + Rho);
        return Math.Log(2) - (0.5 * Logarithms.OnePlus(variance / Rho)) + (0.5 * z * z) + NormalTail.LogLower(z);
    }

    /// <inheritdoc/>
    public double Bound(double variance, double alpha)
    {
        Require.NotNegative(variance);
        Require.Confidence(alpha);
        return MixtureRoot.Find(this, variance, alpha, Math.Sqrt(variance + Rho));
    }
}
