using Google.Protobuf.Collections;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Writes how requests ended as the protocol has it: buckets without a request are left out.</summary>
internal static class OutcomeWire
{
    /// <summary>What one endpoint served.</summary>
    public static EndpointCounts Endpoint(string address, ReadOnlySpan<long> cells)
    {
        var counts = new EndpointCounts { Address = address, Outcomes = Of(cells) };
        foreach (var count in cells)
            counts.Requests += (ulong)count;
        foreach (var count in cells[OutcomeCells.FirstFailure..OutcomeCells.FirstGivenUp])
            counts.Errors += (ulong)count;
        return counts;
    }

    /// <summary>What one revision served, without what only revisions count.</summary>
    public static RevisionCounts Revision(string revision, ReadOnlySpan<long> cells)
    {
        var counts = new RevisionCounts
        {
            Revision = revision,
            ServerErrors = Failures(cells, RequestOutcome.ServerError),
            GrpcErrors = Failures(cells, RequestOutcome.GrpcError),
            ConnectionFailures = Failures(cells, RequestOutcome.ConnectionFailure),
            Timeouts = Failures(cells, RequestOutcome.Timeout),
        };
        AddBuckets(cells, counts.Latency);
        AddBuckets(cells[OutcomeCells.FirstGivenUp..], counts.GivenUp);
        foreach (var bucket in counts.GivenUp)
            counts.ClientAborts += bucket.Count;
        return counts;
    }

    /// <summary>The outcomes alone.</summary>
    public static OutcomeCounts Of(ReadOnlySpan<long> cells)
    {
        var counts = new OutcomeCounts
        {
            ServerErrors = Failures(cells, RequestOutcome.ServerError),
            GrpcErrors = Failures(cells, RequestOutcome.GrpcError),
            ConnectionFailures = Failures(cells, RequestOutcome.ConnectionFailure),
            Timeouts = Failures(cells, RequestOutcome.Timeout),
        };
        AddBuckets(cells, counts.Latency);
        AddBuckets(cells[OutcomeCells.FirstGivenUp..], counts.GivenUp);
        return counts;
    }

    /// <summary>Adds what only revisions count.</summary>
    public static void AddOwn(RevisionCounts counts, ReadOnlySpan<long> cells)
    {
        var byCause = cells.Slice(RevisionCounters.FirstDivertedCell, RevisionCounters.DivertCauses);
        foreach (var count in byCause)
            counts.Diverted += (ulong)count;
        counts.DivertedCircuit = (ulong)byCause[(int)DivertCause.Circuit];
        counts.DivertedBudget = (ulong)byCause[(int)DivertCause.Budget];
        counts.DivertedConcurrency = (ulong)byCause[(int)DivertCause.Concurrency];
        counts.Retries = (ulong)cells[RevisionCounters.RetriesCell];
        counts.TurnedAway = (ulong)cells[RevisionCounters.TurnedAwayCell];
        counts.RequestBytes = (ulong)cells[RevisionCounters.RequestBytesCell];
        counts.ResponseBytes = (ulong)cells[RevisionCounters.ResponseBytesCell];
        foreach (var count in cells.Slice(RevisionCounters.FirstStatusClass, RevisionCounters.StatusClasses))
            counts.StatusClasses.Add((ulong)count);
        AddBuckets(cells[RevisionCounters.FirstByteCell..], counts.FirstByte);
    }

    private static ulong Failures(ReadOnlySpan<long> cells, RequestOutcome outcome) => (ulong)cells[OutcomeCells.FailureCell(outcome)];

    private static void AddBuckets(ReadOnlySpan<long> cells, RepeatedField<BucketCount> buckets)
    {
        for (var bucket = 0; bucket < LatencyLayout.Count; bucket++)
        {
            if (cells[bucket] > 0)
                buckets.Add(new BucketCount { Bucket = (uint)bucket, Count = (ulong)cells[bucket] });
        }
    }
}
