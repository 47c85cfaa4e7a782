namespace MeshCanary.Analysis.Sequential.Boundaries;

/// <summary>
/// The level set of a mixture supermartingale, by bisection: m is convex in S with m(0, V) ≤ 1, so there is one S > 0 at
/// which it reaches a threshold above 1.
/// </summary>
internal static class MixtureRoot
{
    /// <summary>Solves to relative 1e-14, from a first guess of the right size.</summary>
    public static double Find(IMixtureBoundary mixture, double variance, double alpha, double guess)
    {
        var threshold = -Math.Log(alpha);
        var (low, high) = (0.0, guess);
        while (mixture.LogSupermartingale(high, variance) < threshold)
        {
            low = high;
            high *= 2;
            if (double.IsInfinity(high))
                return high;
        }

        return Between(mixture, variance, threshold, low, high);
    }

    /// <summary>Solves between two ends, of which the upper one is known to reach the threshold.</summary>
    public static double Between(IMixtureBoundary mixture, double variance, double threshold, double low, double high)
    {
        while (high - low > 1e-14 * high)
        {
            var middle = (low + high) / 2;
            if (middle <= low || middle >= high)
                break;
            if (mixture.LogSupermartingale(middle, variance) < threshold)
                low = middle;
            else
                high = middle;
        }

        return (low + high) / 2;
    }
}
