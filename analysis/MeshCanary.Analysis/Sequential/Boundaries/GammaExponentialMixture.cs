using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Boundaries;

/// <summary>
/// Gamma-exponential mixture for sub-exponential sums with scale c, the right one for empirical Bernstein bounds. With
/// A = ρ/c², B = (V+ρ)/c², X = (c·S+V+ρ)/c²:
/// m = [A^A·e^−A / (Γ(A)·P(A, A))]·Γ(B)·P(B, X)·X^−B·e^X. Howard et al. 2021, proposition 9. Computed as
/// g(A) − g(B) + (B·ln(B/X) + X − B) + ln P(B, X) − ln P(A, A), g(x) = x·ln x − x − lnΓ(x), which has no large parts that
/// cancel. Immutable and thread-safe.
/// </summary>
public sealed class GammaExponentialMixture : IMixtureBoundary
{
    private readonly double _rho;
    private readonly double _scale;
    private readonly double _constant;

    /// <summary>Tunes the mixture.</summary>
    /// <param name="tightestAt">Intrinsic time at which the bound shall be tightest, above 0.</param>
    /// <param name="alpha">Level it is tuned for, inside (0, ½).</param>
    /// <param name="scale">c > 0, in the units of the data.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public GammaExponentialMixture(double tightestAt, double alpha, double scale)
    {
        Require.Positive(scale);
        _rho = MixtureTuning.OneSided(tightestAt, alpha);
        _scale = scale;
        var a = _rho / (scale * scale);
        _constant = Stirling.LogPowerOverGamma(a) - GammaTail.LogLower(a, a);
    }

    /// <summary>
    /// ln m(S, V); negative infinity for c·S ≤ −(V+ρ), below what a sum of this family can reach: no evidence, which is
    /// never too much.
    /// </summary>
    /// <inheritdoc/>
    public double LogSupermartingale(double sum, double variance)
    {
        Require.NotNegative(variance);
        var square = _scale * _scale;
        var b = (variance + _rho) / square;
        var x = (sum / _scale) + b;
        if (!(x > 0))
            return double.IsNaN(x) ? double.NaN : double.NegativeInfinity;
        return _constant - Stirling.LogPowerOverGamma(b) + Stirling.Deviance(b, x) + GammaTail.LogLower(x, b);
    }

    /// <inheritdoc/>
    public double Bound(double variance, double alpha)
    {
        Require.NotNegative(variance);
        Require.Confidence(alpha);
        return MixtureRoot.Find(this, variance, alpha, Math.Sqrt(variance + _rho));
    }
}
