namespace MeshCanary.Analysis.Judging;

/// <summary>
/// An absolute limit on the canary, apart from all statistics: a fuse. It blows when the limit is exceeded in
/// <see cref="Intervals"/> intervals in a row that each hold at least <see cref="MinimumRequests"/> canary requests.
/// </summary>
public sealed record Guard
{
    /// <summary>
    /// <c>errorRate</c>, or <c>latencyP50</c>, <c>latencyP99</c> and so on. Latency guards look at successful requests only
    /// (failures and timeouts are what <c>errorRate</c> guards), and at whole buckets: a limit counts as exceeded when
    /// the percentile lies in a bucket entirely above it, so never by less than the limit and at most 4.43 % late.
    /// </summary>
    public required string Metric { get; init; }

    /// <summary>The limit: a share (0…1) for <c>errorRate</c>, seconds for latency.</summary>
    public required double Max { get; init; }

    /// <summary>Breached intervals in a row that blow it.</summary>
    public int Intervals { get; init; } = 2;

    /// <summary>An interval with fewer canary requests is passed over.</summary>
    public long MinimumRequests { get; init; } = 20;
}
