using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Boundaries;

/// <summary>
/// Gamma-Poisson mixture for sub-Poisson sums with scale c (bounded above by c). With A = ρ/c², B = (V+ρ)/c²,
/// Y = S/c + B: m = [A^A·e^−A / (Γ(A)·Q(A, A))]·Γ(Y)·Q(Y, B)·B^−Y·e^B. Howard et al. 2021, proposition 10. Computed as
/// g(A) − g(Y) + (Y·ln(Y/B) + B − Y) + ln Q(Y, B) − ln Q(A, A), g(x) = x·ln x − x − lnΓ(x). Immutable and thread-safe.
/// </summary>
public sealed class GammaPoissonMixture : IMixtureBoundary
{
    private readonly double _rho;
    private readonly double _scale;
    private readonly double _constant;

    /// <summary>Tunes the mixture.</summary>
    /// <param name="tightestAt">Intrinsic time at which the bound shall be tightest, above 0.</param>
    /// <param name="alpha">Level it is tuned for, inside (0, ½).</param>
    /// <param name="scale">c > 0, in the units of the data.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public GammaPoissonMixture(double tightestAt, double alpha, double scale)
    {
        Require.Positive(scale);
        _rho = MixtureTuning.OneSided(tightestAt, alpha);
        _scale = scale;
        var a = _rho / (scale * scale);
        _constant = Stirling.LogPowerOverGamma(a) - GammaTail.LogUpper(a, a);
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
        var y = (sum / _scale) + b;
        if (!(y > 0))
            return double.IsNaN(y) ? double.NaN : double.NegativeInfinity;
        return _constant - Stirling.LogPowerOverGamma(y) + Stirling.Deviance(y, b) + GammaTail.LogUpper(b, y);
    }

    /// <inheritdoc/>
    public double Bound(double variance, double alpha)
    {
        Require.NotNegative(variance);
        Require.Confidence(alpha);
        return MixtureRoot.Find(this, variance, alpha, Math.Sqrt(variance + _rho));
    }
}
