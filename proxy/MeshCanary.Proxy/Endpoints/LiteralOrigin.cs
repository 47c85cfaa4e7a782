using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>An address that needs no resolving: one endpoint.</summary>
internal sealed class LiteralOrigin(string address, EndpointCounters counters, Endpoint endpoint, EndpointGroup group) : Origin(address, counters)
{
    private readonly Endpoint[] _endpoints = [endpoint];

    public override IReadOnlyList<Endpoint> Endpoints => _endpoints;

    public override EndpointStatus Status
    {
        get
        {
            var ready = endpoint.IsReady;
            return new EndpointStatus(Address, ready, ready ? "" : endpoint.Obstacle);
        }
    }

    public override void Start() => group.Change(() => endpoint.Probing?.Start());

    public override void Stop() => group.Change(() => endpoint.Probing?.Stop());
}
