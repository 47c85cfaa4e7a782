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
        var counts = endpoints.Count > 0 || !now.AsSpan().SequenceEqual(_before) ? Difference(now, _before) : null;
        counts?.Endpoints.AddRange(endpoints);
        now.CopyTo(_before, 0);
        _progress = progress;
        return counts;
    }

    private RevisionCounts Difference(long[] now, long[] before)
    {
        var counts = new RevisionCounts
        {
            Revision = Counters.Revision,
            Latency = { Buckets(0) },
            GivenUp = { Buckets(RevisionCounters.FirstGivenUp) },
            ServerErrors = Failures(RequestOutcome.ServerError),
            GrpcErrors = Failures(RequestOutcome.GrpcError),
            ConnectionFailures = Failures(RequestOutcome.ConnectionFailure),
            Timeouts = Failures(RequestOutcome.Timeout),
            Diverted = Delta(RevisionCounters.DivertedCell),
            RequestBytes = Delta(RevisionCounters.RequestBytesCell),
            ResponseBytes = Delta(RevisionCounters.ResponseBytesCell),
            StatusClasses = { Enumerable.Range(RevisionCounters.FirstStatusClass, RevisionCounters.StatusClasses).Select(Delta) },
        };
        foreach (var bucket in counts.GivenUp)
            counts.ClientAborts += bucket.Count;
        return counts;

        ulong Delta(int cell) => (ulong)(now[cell] - before[cell]);

        ulong Failures(RequestOutcome outcome) => Delta(RevisionCounters.FailureCell(outcome));

        IEnumerable<BucketCount> Buckets(int firstCell)
        {
            for (var bucket = 0; bucket < LatencyLayout.Count; bucket++)
            {
                if (Delta(firstCell + bucket) is > 0 and var count)
                    yield return new BucketCount { Bucket = (uint)bucket, Count = count };
            }
        }
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
