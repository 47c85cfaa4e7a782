using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Boundaries;

/// <summary>
/// Polynomial stitched boundary for sub-gamma sums with scale c, of the order of the law of the iterated logarithm:
/// with v = max(V, m): √(k₁²·v·ℓ + k₂²·c²·ℓ²) + k₂·c·ℓ, ℓ = s·ln ln(η·v/m) + ln(ζ(s)/ln(η)^s) + ln(1/α),
/// k₁ = (η^¼ + η^−¼)/√2, k₂ = (√η + 1)/2. Howard et al. 2021, theorem 1 and eq. 10. Immutable and thread-safe.
/// </summary>
public sealed class PolynomialStitching
{
    private readonly double _start;
    private readonly double _scale;
    private readonly double _power;
    private readonly double _spacing;
    private readonly double _constant;

    /// <summary>Tunes the boundary.</summary>
    /// <param name="start">m > 0: the intrinsic time it starts at; before it, the bound is that of m.</param>
    /// <param name="scale">c, in the units of the data: 0 for sub-Gaussian sums; negative ones are sub-gamma too.</param>
    /// <param name="power">s > 1: how error probability is shared out over epochs.</param>
    /// <param name="spacing">η > 1: the ratio of neighbouring epochs.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public PolynomialStitching(double start, double scale = 0, double power = 1.4, double spacing = 2)
    {
        Require.Positive(start);
        if (!double.IsFinite(scale))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "Give a finite scale.");
        RequireAboveOne(power, nameof(power));
        RequireAboveOne(spacing, nameof(spacing));
        (_start, _scale, _power, _spacing) = (start, scale, power, spacing);
        _constant = Math.Log(Zeta.At(power)) - (power * Math.Log(Math.Log(spacing)));
    }

    /// <summary>P(there is a time with S ≥ bound(V)) ≤ α.</summary>
    /// <param name="variance">V ≥ 0, in squared units of the data.</param>
    /// <param name="alpha">Inside (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public double Bound(double variance, double alpha)
    {
        Require.NotNegative(variance);
        Require.Confidence(alpha);
        var v = Math.Max(variance, _start);
        var ell = (_power * Math.Log(Math.Log(_spacing * (v / _start)))) + _constant - Math.Log(alpha);
        var k1 = (Math.Pow(_spacing, 0.25) + Math.Pow(_spacing, -0.25)) / Math.Sqrt(2);
        var linear = (Math.Sqrt(_spacing) + 1) / 2 * _scale * ell;
        var squared = k1 * k1 * v * ell;

        // With c < 0 the root and the linear part nearly cancel, hence the quotient.
        var root = Math.Sqrt(squared + (linear * linear));
        return linear < 0 ? squared / (root - linear) : root + linear;
    }

    private static void RequireAboveOne(double value, string name)
    {
        if (!(value > 1) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, "Give a finite number above 1.");
    }
}
