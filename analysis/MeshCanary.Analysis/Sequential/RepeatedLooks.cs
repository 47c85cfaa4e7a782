using MathNet.Numerics.Distributions;
using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// What looking again and again does to a fixed-horizon z-test: the probability that |Z| reaches a critical value at any of
/// several looks at equal steps, when nothing differs. Armitage, McPherson and Rowe 1969, "Repeated significance tests on
/// accumulating data", JRSS-A 132:235, by recursive integration of the density of the sums that have not been stopped. It
/// is here to show why peeking is wrong, and to check group-sequential designs. Pure and thread-safe.
/// </summary>
public static class RepeatedLooks
{
    /// <summary>Width of a panel of 16 points against a kernel of deviation 1: leaves an error near 1e-14.</summary>
    private const double Panel = 1.5;

    /// <summary>Beyond this distance the kernel is below 1e-22.</summary>
    private const double Reach = 10;

    /// <summary>Beyond as many deviations of its sum a look has no mass that a double could show.</summary>
    private const double Farthest = 40;

    private const int MostLooks = 10_000;

    /// <summary>P(|Z_k| ≥ z for a k in 1…looks).</summary>
    /// <param name="critical">z > 0, such as 1.96.</param>
    /// <param name="looks">1 to 10,000. The work grows as looks to the power 1.5 (a hundred: milliseconds; thousands: seconds).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double TypeOneError(double critical, int looks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(looks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(looks, MostLooks);
        var bounds = new double[looks];
        Array.Fill(bounds, critical);
        return TypeOneError(bounds);
    }

    /// <summary>P(|Z_k| ≥ z_k for a k), with a critical value for each look (O'Brien-Fleming: z_k = c·√(K/k)).</summary>
    /// <param name="critical">z_k > 0 per look.</param>
    /// <exception cref="ArgumentException">There is no look.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A critical value is outside its range.</exception>
    public static double TypeOneError(ReadOnlySpan<double> critical)
    {
        if (critical.IsEmpty)
            throw new ArgumentException("Give a critical value for at least one look.", nameof(critical));
        double[] points = [0], masses = [1];
        var crossed = 0.0;
        for (var look = 1; look <= critical.Length; look++)
        {
            Require.Positive(critical[look - 1], nameof(critical));
            var edge = critical[look - 1] * Math.Sqrt(look);
            for (var j = 0; j < points.Length; j++)
                crossed += masses[j] * (NormalTail.Lower(points[j] - edge) + NormalTail.Lower(-edge - points[j]));
            if (look < critical.Length)
                (points, masses) = Carry(points, masses, Math.Min(edge, Farthest * Math.Sqrt(look)));
        }

        return crossed;
    }

    /// <summary>Density of the next sum inside (−edge, edge), times the weights of its points.</summary>
    private static (double[] Points, double[] Masses) Carry(double[] from, double[] masses, double edge)
    {
        var (points, weights) = GaussLegendre.Panels(-edge, edge, Panel);
        var first = 0;
        for (var i = 0; i < points.Length; i++)
        {
            while (first < from.Length && from[first] < points[i] - Reach)
                first++;
            var density = 0.0;
            for (var j = first; j < from.Length && from[j] <= points[i] + Reach; j++)
                density += masses[j] * Normal.PDF(0, 1, points[i] - from[j]);
            weights[i] *= density;
        }

        return (points, weights);
    }
}
