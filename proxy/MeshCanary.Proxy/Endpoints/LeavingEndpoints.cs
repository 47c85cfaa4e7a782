using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>Endpoints that get no new requests, until their last has ended. Any thread.</summary>
internal sealed class LeavingEndpoints(TimeProvider time)
{
    // A request that chose its endpoint just before that left begins within microseconds.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<Endpoint, long> _since = [];

    public IReadOnlyCollection<Endpoint> All
    {
        get
        {
            lock (_gate)
                return [.. _since.Keys];
        }
    }

    /// <summary>Where their requests are counted.</summary>
    public IEnumerable<EndpointCounters> Counters => All.Select(endpoint => endpoint.Counters);

    public void Add(Endpoint endpoint)
    {
        lock (_gate)
            _since[endpoint] = time.GetTimestamp();
    }

    /// <summary>It is used again.</summary>
    public void Remove(Endpoint endpoint)
    {
        lock (_gate)
            _since.Remove(endpoint);
    }

    /// <summary>Lets go of those that have nothing left to do.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            foreach (var (endpoint, since) in _since)
            {
                if (endpoint.InFlight == 0 && time.GetElapsedTime(since) >= Grace)
                    _since.Remove(endpoint);
            }
        }
    }
}
