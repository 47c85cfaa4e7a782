using MeshCanary.Analysis.Samples;
using MeshCanary.Splitting.Weights;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>Finds what would spoil the sums in a report.</summary>
internal static class ReportCheck
{
    // Far above what an interval can hold, and far below where sums of many reports overflow.
    private const ulong MostRequests = 1UL << 48;
    private const long LastUnixMs = 253_402_300_799_999;

    /// <summary>The first fault, or null.</summary>
    public static string? FindFault(Wire.IntervalReport report)
    {
        if (report.Sequence is 0 or > long.MaxValue)
            return $"sequence {report.Sequence} is outside 1…{long.MaxValue}";
        if (report.StartUnixMs < 0 || report.EndUnixMs < report.StartUnixMs || report.EndUnixMs > LastUnixMs)
            return $"it lasts from {report.StartUnixMs} to {report.EndUnixMs}";
        return report.Routes.Select(FindFault).FirstOrDefault(fault => fault is not null);
    }

    private static string? FindFault(Wire.RouteCounts route)
    {
        foreach (var served in route.Revisions)
        {
            if (served.Latency.Concat(served.GivenUp).FirstOrDefault(bucket => bucket.Bucket > LatencyBuckets.Overflow) is { } outside)
                return $"route {route.Route}: latency bucket {outside.Bucket} is outside 0…{LatencyBuckets.Overflow}";
            if (served.Latency.Concat(served.GivenUp).Any(bucket => bucket.Count > MostRequests)
                || served.ServerErrors > MostRequests || served.GrpcErrors > MostRequests
                || served.ConnectionFailures > MostRequests || served.Timeouts > MostRequests)
                return $"route {route.Route}: a count of revision {served.Revision} is above {MostRequests}";
        }

        foreach (var drawn in route.Draws)
        {
            if (drawn.CanaryWeight > BasisPoints.Whole)
                return $"route {route.Route}: weight {drawn.CanaryWeight} is above {BasisPoints.Whole}";
            if (drawn.Stable > MostRequests || drawn.Canary > MostRequests || drawn.SnapshotVersion > long.MaxValue)
                return $"route {route.Route}: a count of draws is above {MostRequests}";
            if (drawn.RepeatStable > drawn.Stable || drawn.RepeatCanary > drawn.Canary)
                return $"route {route.Route}: more repeated draws than draws";
        }

        return null;
    }
}
