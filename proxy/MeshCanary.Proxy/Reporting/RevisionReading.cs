using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Reads one revision's counters and keeps what it read, so that the next reading is the difference.</summary>
internal sealed class RevisionReading(RevisionCounters counters)
{
    [ThreadStatic]
    private static long[]? Scratch;

    private long[] _before = [];
    private (long Started, long Ended) _progress;
    private readonly Dictionary<string, (long Requests, long Errors)> _endpoints = new(StringComparer.Ordinal);

    public RevisionCounters Counters { get; } = counters;

    /// <summary>Takes what was counted since the last call; null when nothing was.</summary>
    public RevisionCounts? Take()
    {
        // Nothing ran since, so nothing was counted: most routes of a large configuration are idle most of the time.
        var progress = Counters.Progress;
        if (progress == _progress && progress.Started == progress.Ended)
            return null;

        var now = Scratch ??= new long[RevisionCounters.CellCount];
        Counters.ReadInto(now);
        if (_before.Length == 0)
            _before = new long[RevisionCounters.CellCount];
        var endpoints = TakeEndpoints();
        var changed = endpoints.Count > 0 || !now.AsSpan().SequenceEqual(_before);
        var counts = changed ? Difference(now, _before) : null;
        counts?.Endpoints.AddRange(endpoints);
        now.CopyTo(_before, 0);
        _progress = progress;
        return counts;
    }

    private RevisionCounts Difference(long[] now, long[] before)
    {
        var counts = new RevisionCounts { Revision = Counters.Revision };
        for (var bucket = 0; bucket < LatencyLayout.Count; bucket++)
        {
            if (Delta(bucket) is > 0 and var count)
                counts.Latency.Add(new BucketCount { Bucket = (uint)bucket, Count = count });
        }

        counts.ServerErrors = Delta(RevisionCounters.FailureCell(RequestOutcome.ServerError));
        counts.GrpcErrors = Delta(RevisionCounters.FailureCell(RequestOutcome.GrpcError));
        counts.ConnectionFailures = Delta(RevisionCounters.FailureCell(RequestOutcome.ConnectionFailure));
        counts.Timeouts = Delta(RevisionCounters.FailureCell(RequestOutcome.Timeout));
        counts.ClientAborts = Delta(RevisionCounters.FailureCell(RequestOutcome.ClientAbort));
        counts.Diverted = Delta(RevisionCounters.DivertedCell);
        counts.RequestBytes = Delta(RevisionCounters.RequestBytesCell);
        counts.ResponseBytes = Delta(RevisionCounters.ResponseBytesCell);
        for (var i = 0; i < RevisionCounters.StatusClasses; i++)
            counts.StatusClasses.Add(Delta(RevisionCounters.FirstStatusClass + i));

        return counts;

        ulong Delta(int cell) => (ulong)(now[cell] - before[cell]);
    }

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
