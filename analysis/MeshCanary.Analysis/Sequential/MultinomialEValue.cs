using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// Multinomial counts against fixed shares: the Dirichlet mixture over the null likelihood. Lindon and Malek 2022,
/// "Anytime-valid inference for multinomial count data", NeurIPS (arXiv 2011.03567).
/// </summary>
public static class MultinomialEValue
{
    /// <summary>
    /// ln E = lnΓ(A) − lnΓ(A+n) + Σ[lnΓ(a_j+x_j) − lnΓ(a_j) − x_j·ln θ_j], A = Σ a_j. As counts add up this is an
    /// e-process: it may be looked at after every request.
    /// </summary>
    /// <returns>Positive infinity when something fell into a category of share 0.</returns>
    /// <exception cref="ArgumentException">The lists are not of one length, a count is negative, a share is not in [0, 1], or a concentration is not finite and above 0.</exception>
    public static double Log(ReadOnlySpan<long> counts, ReadOnlySpan<double> shares, ReadOnlySpan<double> concentration)
    {
        if (counts.Length != shares.Length || counts.Length != concentration.Length)
            throw new ArgumentException("Counts, shares and concentration are not of one length.", nameof(counts));
        double all = 0, total = 0, log = 0;
        for (var j = 0; j < counts.Length; j++)
        {
            if (counts[j] < 0 || !(shares[j] is >= 0 and <= 1) || !(concentration[j] > 0 && double.IsFinite(concentration[j])))
                throw new ArgumentException($"Category {j} has a count of {counts[j]}, a share of {shares[j]} and a concentration of {concentration[j]}; allowed are 0 or more, 0 to 1, and above 0.", nameof(counts));
            all += concentration[j];
            total += counts[j];
            log += Rise(concentration[j], counts[j]);
            if (counts[j] > 0)
                log -= counts[j] * Math.Log(shares[j]);
        }

        return log - Rise(all, total);
    }

    /// <summary>lnΓ(a+n) − lnΓ(a).</summary>
    internal static double Rise(double start, double count) =>
        count == 0 ? 0 : LogGamma.Difference(start, count);
}
