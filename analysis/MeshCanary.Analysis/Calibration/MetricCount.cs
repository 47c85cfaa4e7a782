using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Calibration;

/// <summary>Requests and bad events of a metric, counted as the judge counts them.</summary>
internal static class MetricCount
{
    /// <summary>
    /// Without an edge: all finished requests, and the failed ones. With one: those beyond the edge of that bucket, failed
    /// ones and those given up later than it; one given up earlier says nothing of this edge and is left out.
    /// </summary>
    public static (long Requests, long Events) Of(ArmCounts arm, int? edge)
    {
        if (edge is not { } bucket)
            return (arm.Requests, arm.Errors);
        var givenUp = arm.GivenUp.CountAbove(bucket);
        return (arm.Requests + givenUp, arm.Errors + givenUp + arm.Latency.CountAbove(bucket));
    }
}
