using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// The metrics that Kayenta mode of a rollout reads from interval counts, in the units that dashboards show. The first
/// version's tolerance is absolute, so units are part of its results.
/// </summary>
public static class KayentaMetricNames
{
    /// <summary>Failed requests of all finished requests, in percent.</summary>
    public const string ErrorRate = MetricNames.ErrorRate;

    /// <summary>Requests that came to an end, a second. Says nothing unless both arms are given the same weight.</summary>
    public const string RequestRate = "requestRate";

    /// <summary>A percentile of the latency of successful requests in milliseconds: <c>latencyP50</c>, <c>latencyP99.9</c>.</summary>
    public static string Latency(double percentile) => MetricNames.Latency(percentile);

    /// <summary>Whether a metric of this name can be read from interval counts.</summary>
    public static bool IsKnown(string? name) => name is ErrorRate or RequestRate || MetricNames.TryParseLatency(name, out _);

    /// <summary>The metric's value over a step; null when it has none because no request tells it.</summary>
    internal static double? Value(string name, ArmCounts counts, TimeSpan step) => name switch
    {
        ErrorRate => counts.Requests == 0 ? null : 100.0 * counts.Errors / counts.Requests,
        RequestRate => counts.Attempts == 0 ? null : counts.Attempts / step.TotalSeconds,
        _ => MetricNames.TryParseLatency(name, out var percentile) ? Percentile(counts, percentile / 100) : null,
    };

    /// <summary>
    /// The upper edge of the bucket that holds it. Requests that clients gave up count with the time they had taken by
    /// then, which is the least they would have taken: a version that hangs shows nowhere else.
    /// </summary>
    private static double? Percentile(ArmCounts counts, double share) => counts.Latency.Merge(counts.GivenUp).QuantileBucket(share) is { } bucket
        ? 1000 * LatencyBuckets.UpperEdgeSeconds(Math.Min(bucket, LatencyBuckets.LastFinite))
        : null;
}
