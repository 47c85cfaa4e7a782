using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Reads one revision's counters and keeps what it read, so that the next reading is the difference.</summary>
internal sealed class RevisionReading(RevisionCounters counters)
{
    private readonly long[] _before = new long[RevisionCounters.CellCount];
    private readonly long[] _now = new long[RevisionCounters.CellCount];
    private readonly Dictionary<string, (long Requests, long Errors)> _endpoints = new(StringComparer.Ordinal);

    public RevisionCounters Counters { get; } = counters;

    /// <summary>Takes what was counted since the last call; null when nothing was.</summary>
    public RevisionCounts? Take()
    {
        Counters.ReadInto(_now);
        var counts = new RevisionCounts { Revision = Counters.Revision };
        var endpoints = TakeEndpoints();
        counts.Endpoints.AddRange(endpoints);
        if (endpoints.Count == 0 && _now.AsSpan().SequenceEqual(_before))
            return null;

        counts.Latency.AddRange(TakeBuckets(0));
        counts.GivenUp.AddRange(TakeBuckets(RevisionCounters.FirstGivenUp));
        counts.ServerErrors = Delta(RevisionCounters.FailureCell(RequestOutcome.ServerError));
        counts.GrpcErrors = Delta(RevisionCounters.FailureCell(RequestOutcome.GrpcError));
        counts.ConnectionFailures = Delta(RevisionCounters.FailureCell(RequestOutcome.ConnectionFailure));
        counts.Timeouts = Delta(RevisionCounters.FailureCell(RequestOutcome.Timeout));
        foreach (var bucket in counts.GivenUp)
            counts.ClientAborts += bucket.Count;
        counts.Diverted = Delta(RevisionCounters.DivertedCell);
        counts.RequestBytes = Delta(RevisionCounters.RequestBytesCell);
        counts.ResponseBytes = Delta(RevisionCounters.ResponseBytesCell);
        for (var i = 0; i < RevisionCounters.StatusClasses; i++)
            counts.StatusClasses.Add(Delta(RevisionCounters.FirstStatusClass + i));

        _now.CopyTo(_before, 0);
        return counts;
    }

    private IEnumerable<BucketCount> TakeBuckets(int firstCell)
    {
        for (var bucket = 0; bucket < LatencyLayout.Count; bucket++)
        {
            if (Delta(firstCell + bucket) is > 0 and var count)
                yield return new BucketCount { Bucket = (uint)bucket, Count = count };
        }
    }

    private ulong Delta(int cell) => (ulong)(_now[cell] - _before[cell]);

    private List<EndpointCounts> TakeEndpoints()
    {
        List<EndpointCounts> taken = [];
        foreach (var endpoint in Counters.Endpoints)
        {
            var before = _endpoints.GetValueOrDefault(endpoint.Address);
            var now = (endpoint.Requests, endpoint.Errors);
            if (now == before)
                continue;
            _endpoints[endpoint.Address] = now;
            taken.Add(new EndpointCounts
            {
                Address = endpoint.Address,
                Requests = (ulong)(now.Requests - before.Requests),
                Errors = (ulong)(now.Errors - before.Errors),
            });
        }

        return taken;
    }
}
