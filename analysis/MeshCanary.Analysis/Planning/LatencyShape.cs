using MathNet.Numerics.Distributions;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Planning;

/// <summary>Stands in for latencies that nobody has measured yet.</summary>
public static class LatencyShape
{
    private const double NormalP99 = 2.3263478740408408;
    private const double Requests = 1e9;

    /// <summary>
    /// A lognormal distribution with the given median and 99th percentile in seconds, as a histogram of some 10⁹ requests.
    /// Real latencies have longer tails: a plan made from it is a first guess.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt; median &lt; p99 ≤ 120 s.</exception>
    public static LatencyHistogram LogNormal(double median, double p99)
    {
        if (!(median > 0 && p99 > median && p99 <= 120))
            throw new ArgumentOutOfRangeException(nameof(p99), p99, $"The median ({median} s) must be above 0 and the 99th percentile above it and at most 120 s.");
        var sigma = Math.Log(p99 / median) / NormalP99;
        var counts = new long[LatencyBuckets.Count];
        var before = 0.0;
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            var upTo = bucket == LatencyBuckets.Overflow ? 1 : LogNormalBelow(LatencyBuckets.UpperEdgeSeconds(bucket));
            counts[bucket] = (long)Math.Round((upTo - before) * Requests);
            before = upTo;
        }

        return LatencyHistogram.FromCounts(counts);

        double LogNormalBelow(double seconds) => Normal.CDF(Math.Log(median), sigma, Math.Log(seconds));
    }
}
