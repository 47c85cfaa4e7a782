using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Calibration;

/// <summary>Which bucket edge stands for a percentile.</summary>
internal static class LatencyEdges
{
    /// <summary>
    /// Of the two edges around the percentile the more telling one, as the judge chooses; below the last finite edge. Null
    /// without a latency.
    /// </summary>
    public static int? Choose(LatencyHistogram latency, double percentile)
    {
        if (latency.QuantileBucket(percentile / 100) is not { } bucket)
            return null;
        var edge = bucket > 0 ? TellingEdge.Of(latency, percentile, bucket - 1, bucket) : bucket;
        return Math.Min(edge, LatencyBuckets.LastFinite - 1);
    }
}
