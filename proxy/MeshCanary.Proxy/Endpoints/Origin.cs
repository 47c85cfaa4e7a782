using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>One address of a snapshot, and the endpoints that it stands for.</summary>
internal abstract class Origin(string address, EndpointCounters counters)
{
    /// <summary>As the snapshot says it.</summary>
    public string Address => address;

    public EndpointCounters Counters => counters;

    /// <summary>What it stands for now; at least one.</summary>
    public abstract IReadOnlyList<Endpoint> Endpoints { get; }

    public abstract EndpointStatus Status { get; }

    /// <summary>Begins to look after its endpoints; does nothing when that is under way.</summary>
    public abstract void Start();

    /// <summary>Ends it; requests in flight go on.</summary>
    public abstract void Stop();
}
