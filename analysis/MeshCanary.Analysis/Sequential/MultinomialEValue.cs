using MathNet.Numerics;

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
    public static double Log(ReadOnlySpan<long> counts, ReadOnlySpan<double> shares, ReadOnlySpan<double> concentration)
    {
        if (counts.Length != shares.Length || counts.Length != concentration.Length)
            throw new ArgumentException("Counts, shares and concentration are not of one length.", nameof(counts));
        double all = 0, total = 0, log = 0;
        for (var j = 0; j < counts.Length; j++)
        {
            all += concentration[j];
            total += counts[j];
            log += Rise(concentration[j], counts[j]);
            if (counts[j] > 0)
                log -= counts[j] * Math.Log(shares[j]);
        }

        return log - Rise(all, total);
    }

    /// <summary>lnΓ(a+n) − lnΓ(a).</summary>
    private static double Rise(double start, double count) =>
        count == 0 ? 0 : SpecialFunctions.GammaLn(start + count) - SpecialFunctions.GammaLn(start);
}
