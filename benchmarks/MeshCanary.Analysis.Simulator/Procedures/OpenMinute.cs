using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Simulator.Procedures;

/// <summary>A minute of one arm while it goes on.</summary>
internal sealed class OpenMinute
{
    private readonly long[] _latency = new long[LatencyBuckets.Count];
    private long _errors;

    /// <summary>Takes an interval.</summary>
    public void Add(ArmCounts arm)
    {
        _errors += arm.Errors;
        arm.Latency.AddTo(_latency);
    }

    /// <summary>The minute as a whole; the next one begins.</summary>
    public MinutePoint Close()
    {
        var latency = LatencyHistogram.FromCounts(_latency);
        var requests = _errors + latency.Total;
        var point = new MinutePoint(
            requests == 0 ? double.NaN : (double)_errors / requests, Quantile(latency, 0.5), Quantile(latency, 0.99));
        Array.Clear(_latency);
        _errors = 0;
        return point;
    }

    /// <summary>
    /// Interpolated within its bucket, as Prometheus' histogram_quantile does: without that the points of a service
    /// would take two or three values only.
    /// </summary>
    private static double Quantile(LatencyHistogram latency, double share)
    {
        if (latency.QuantileBucket(share) is not { } bucket)
            return double.NaN;
        if (bucket == LatencyBuckets.Overflow)
            return 1000 * LatencyBuckets.UpperEdgeSeconds(LatencyBuckets.LastFinite);
        var low = bucket == 0 ? 0 : LatencyBuckets.UpperEdgeSeconds(bucket - 1);
        var high = LatencyBuckets.UpperEdgeSeconds(bucket);
        var before = latency.Total - (bucket == 0 ? latency.Total : latency.CountAbove(bucket - 1));
        var within = latency.Total - latency.CountAbove(bucket) - before;
        return 1000 * (low + ((high - low) * Math.Clamp(((share * latency.Total) - before) / within, 0, 1)));
    }
}
