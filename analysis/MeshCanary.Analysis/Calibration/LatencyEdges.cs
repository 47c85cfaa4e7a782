using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Calibration;

/// <summary>Which bucket edge stands for a percentile.</summary>
internal static class LatencyEdges
{
    /// <summary>
    /// Of the two edges around the percentile the one whose share beyond it is nearer to the wanted share in log-odds,
    /// as the judge chooses; below the last finite edge. Null without a latency.
    /// </summary>
    public static int? Choose(LatencyHistogram latency, double percentile)
    {
        if (latency.QuantileBucket(percentile / 100) is not { } bucket)
            return null;
        var wanted = LogOdds(1 - (percentile / 100));
        if (bucket > 0 && Distance(latency, bucket - 1, wanted) < Distance(latency, bucket, wanted))
            bucket--;
        return Math.Min(bucket, LatencyBuckets.LastFinite - 1);
    }

    private static double Distance(LatencyHistogram latency, int bucket, double wanted)
    {
        var beyond = latency.CountAbove(bucket);
        return beyond == 0 || beyond == latency.Total
            ? double.PositiveInfinity
            : Math.Abs(LogOdds((double)beyond / latency.Total) - wanted);
    }

    private static double LogOdds(double share) => Math.Log(share / (1 - share));
}
