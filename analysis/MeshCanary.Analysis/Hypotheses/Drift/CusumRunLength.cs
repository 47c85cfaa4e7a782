using MathNet.Numerics.LinearAlgebra;
using MeshCanary.Analysis.Sequential;
using MeshCanary.Analysis.Sequential.Numerics;

namespace MeshCanary.Analysis.Hypotheses.Drift;

/// <summary>
/// Average run length of the one-sided CUSUM S ← max(0, S + z − k), alarm at S ≥ h, from S = 0, for independent normal z of
/// deviation 1: L(u) = 1 + L(0)·Φ(k−u−δ) + ∫₀ʰ L(y)·φ(y+k−u−δ) dy. Page 1954, Biometrika 41:100; solved by quadrature with 16
/// points for each 1.5 of the interval (Goel and Wu 1971, Technometrics 13:221), which agrees with the Markov chain of Brook
/// and Evans 1972, Biometrika 59:539, in the limit of many states. Pure and thread-safe.
/// </summary>
public static class CusumRunLength
{
    /// <summary>Above this the linear system no longer tells 1 from the chance of staying.</summary>
    private const double Longest = 1e12;

    /// <summary>The average number of values until the alarm.</summary>
    /// <param name="allowance">k ≥ 0, in deviations.</param>
    /// <param name="limit">h above 0 and at most 50, in deviations.</param>
    /// <param name="shift">δ: the mean of z, finite; 0 without a change.</param>
    /// <returns>At least 1; positive infinity for anything above 10¹².</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Average(double allowance, double limit, double shift)
    {
        Require.NotNegative(allowance);
        if (!(limit is > 0 and <= 50))
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "Give a limit above 0 and at most 50 deviations.");
        if (!double.IsFinite(shift))
            throw new ArgumentOutOfRangeException(nameof(shift), shift, "Give a finite shift.");
        var (points, weights) = GaussLegendre.Panels(0, limit, 1.5);
        var size = points.Length + 1;
        var drift = allowance - shift;

        // Place 0 is S = 0, the others are the points of the quadrature.
        var stay = Matrix<double>.Build.Dense(size, size, (i, j) =>
        {
            var from = i == 0 ? 0 : points[i - 1];
            var chance = j == 0 ? NormalLaw.Below(drift - from) : weights[j - 1] * NormalLaw.Density(points[j - 1] + drift - from);
            return (i == j ? 1 : 0) - chance;
        });
        var average = stay.Solve(Vector<double>.Build.Dense(size, 1))[0];
        return average is >= 1 - 1e-9 and < Longest ? Math.Max(1, average) : double.PositiveInfinity;
    }
}
