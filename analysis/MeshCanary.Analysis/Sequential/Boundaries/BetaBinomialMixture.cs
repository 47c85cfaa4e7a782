using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential.Boundaries;

/// <summary>
/// Beta-binomial mixture for sums of centred values in [−g, h], sharp for Bernoulli values. With G = g+h, q = h/G, p = g/G,
/// a = (r+V−g·S)/(g·G), b = (r+V+h·S)/(h·G), and a₀, b₀ the same at S = V = 0:
/// m = B_x(a, b)·q^−(a−a₀)·p^−(b−b₀) / B_x(a₀, b₀), x = q one-sided and 1 two-sided; r = max(ρ − g·h, g·h/1000).
/// Robbins 1970; Howard et al. 2021, propositions 7 and 8. Immutable and thread-safe.
/// </summary>
public sealed class BetaBinomialMixture : IMixtureBoundary
{
    private readonly double _r;
    private readonly double _g;
    private readonly double _h;
    private readonly bool _isOneSided;
    private readonly double _norm;

    /// <summary>Tunes the mixture.</summary>
    /// <param name="tightestAt">Intrinsic time at which the bound shall be tightest, above 0.</param>
    /// <param name="alpha">Level it is tuned for, inside (0, 1), and below ½ one-sided.</param>
    /// <param name="g">Greatest fall of one value below its mean, above 0; p for a Bernoulli value.</param>
    /// <param name="h">Greatest rise of one value above its mean, above 0; 1 − p for a Bernoulli value.</param>
    /// <param name="isOneSided">Whether only large sums count as evidence.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public BetaBinomialMixture(double tightestAt, double alpha, double g, double h, bool isOneSided)
    {
        Require.Positive(g);
        Require.Positive(h);
        var rho = isOneSided ? MixtureTuning.OneSided(tightestAt, alpha) : MixtureTuning.TwoSided(tightestAt, alpha);
        _r = Math.Max(rho - (g * h), 1e-3 * g * h);
        (_g, _h, _isOneSided) = (g, h, isOneSided);
        _norm = LogBeta(_r / (g * (g + h)), _r / (h * (g + h)));
    }

    /// <summary>
    /// ln m(S, V). A sum beyond what values in [−g, h] can reach (−V/h to V/g) counts as the end of that range; below it
    /// and one-sided as no evidence at all (negative infinity). Neither is ever too much.
    /// </summary>
    /// <inheritdoc/>
    public double LogSupermartingale(double sum, double variance)
    {
        Require.NotNegative(variance);
        if (double.IsNaN(sum))
            return double.NaN;
        if (_isOneSided && sum < -variance / _h)
            return double.NegativeInfinity;
        var within = Math.Min(Math.Max(sum, -variance / _h), variance / _g);
        return LogBeta((_r + variance - (_g * within)) / (_g * (_g + _h)), (_r + variance + (_h * within)) / (_h * (_g + _h))) - _norm;
    }

    /// <inheritdoc/>
    /// <returns>V/g, the greatest sum there can be, when even that does not reach the threshold.</returns>
    public double Bound(double variance, double alpha)
    {
        Require.NotNegative(variance);
        Require.Confidence(alpha);
        var (threshold, most) = (-Math.Log(alpha), variance / _g);
        return LogSupermartingale(most, variance) < threshold ? most : MixtureRoot.Between(this, variance, threshold, 0, most);
    }

    /// <summary>ln B_x(a, b) − a·ln q − b·ln p.</summary>
    private double LogBeta(double a, double b)
    {
        var (q, p) = (_h / (_g + _h), _g / (_g + _h));
        var whole = -BetaTail.LogPower(q, p, a, b);
        return _isOneSided ? whole + BetaTail.LogLower(q, p, a, b) : whole;
    }
}
