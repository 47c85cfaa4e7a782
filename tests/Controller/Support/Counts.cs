using MeshCanary.Analysis.Samples;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Support;

/// <summary>Makes counts as a proxy would report them.</summary>
internal static class Counts
{
    public static Wire.HistogramLayout Layout => new()
    {
        FirstUpperEdgeSeconds = LatencyBuckets.FirstUpperEdgeSeconds,
        BucketsPerOctave = LatencyBuckets.PerOctave,
        BucketCount = LatencyBuckets.Count,
    };

    /// <summary>Requests of one revision; their latencies spread over some buckets, with a tail of 4 % beyond.</summary>
    public static Wire.RevisionCounts Served(string revision, int requests, int errors = 0, uint bucket = 100)
    {
        const int Spread = 20;
        var tail = (requests - errors) / 25;
        var good = requests - errors - tail;
        var served = new Wire.RevisionCounts { Revision = revision, ServerErrors = (ulong)errors };
        for (var i = 0; i < Spread; i++)
            served.Latency.Add(new Wire.BucketCount { Bucket = bucket + (uint)i, Count = (ulong)((good / Spread) + (i < good % Spread ? 1 : 0)) });
        for (var i = 0; i < Spread; i++)
            served.Latency.Add(new Wire.BucketCount { Bucket = bucket + (uint)(Spread + (2 * i)), Count = (ulong)((tail / Spread) + (i < tail % Spread ? 1 : 0)) });
        return served;
    }

    /// <summary>A route's counts while a canary has a share; drawn exactly as the share says.</summary>
    public static Wire.RouteCounts Split(string route, string stable, string canary, int weight, int requests, double canaryErrors = 0, uint canaryBucket = 100)
    {
        var ours = requests * weight / 10_000;
        var counts = new Wire.RouteCounts { Route = route };
        counts.Revisions.Add(Served(stable, requests - ours));
        counts.Revisions.Add(Served(canary, ours, (int)(ours * canaryErrors), canaryBucket));
        counts.Draws.Add(new Wire.DrawCounts
        {
            SnapshotVersion = 1, CanaryRevision = canary, CanaryWeight = (uint)weight, Stable = (ulong)(requests - ours), Canary = (ulong)ours,
        });
        return counts;
    }

    /// <summary>A route's counts without a canary.</summary>
    public static Wire.RouteCounts Only(string route, string stable, int requests)
    {
        var counts = new Wire.RouteCounts { Route = route };
        counts.Revisions.Add(Served(stable, requests));
        return counts;
    }
}
