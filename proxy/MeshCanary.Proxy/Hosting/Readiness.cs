using MeshCanary.Proxy.Routing;

namespace MeshCanary.Proxy.Hosting;

/// <summary>Whether this proxy should be given requests.</summary>
internal sealed class Readiness(RouteTableHolder tables)
{
    private volatile bool _draining;

    /// <summary>Why not, or null when it should.</summary>
    public string? Obstacle => _draining
        ? "draining: the proxy is stopping"
        : tables.Current.Version == 0 ? "no configuration yet: waiting for the controller" : null;

    public void Drain() => _draining = true;
}
