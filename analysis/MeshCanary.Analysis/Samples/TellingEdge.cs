namespace MeshCanary.Analysis.Samples;

/// <summary>
/// Which of two bucket edges around a percentile tells more: the one rule by which the judge chooses its edges and the
/// calibration learns the noise at them.
/// </summary>
internal static class TellingEdge
{
    /// <summary>
    /// The edge whose share of requests beyond is nearer, in log-odds, to that beyond the percentile; the later one of equals.
    /// An edge with next to nothing beyond it (or below it) would need hours to prove anything, however near it lies in milliseconds.
    /// </summary>
    public static int Of(LatencyHistogram latency, double percentile, int before, int closing)
    {
        var wanted = LogOdds(1 - (percentile / 100));
        return Distance(latency, before, wanted) < Distance(latency, closing, wanted) ? before : closing;
    }

    private static double Distance(LatencyHistogram latency, int edge, double wanted)
    {
        var beyond = latency.CountAbove(edge);
        return beyond == 0 || beyond == latency.Total
            ? double.PositiveInfinity
            : Math.Abs(LogOdds((double)beyond / latency.Total) - wanted);
    }

    private static double LogOdds(double share) => Math.Log(share / (1 - share));
}
