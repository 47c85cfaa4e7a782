using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Traffic;

namespace MeshCanary.Controller.Distribution.Cluster;

/// <summary>One Canary's proxies, their configuration and their counts.</summary>
internal sealed class CanaryProxies(SnapshotBoard board, ProxyRoom room, ProxyMetricSource counts) : IDisposable
{
    private readonly ProxyTrafficRouter _router = new(board, room.Registry);
    private readonly Lock _gate = new();

    /// <summary>Where its proxies belong.</summary>
    public ProxyRoom Room => room;

    /// <summary>What they count.</summary>
    public ProxyMetricSource Counts => counts;

    /// <summary>Whether there is a configuration to give; before, a version of ours could be below that of a proxy.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Asks for traffic.</summary>
    public void Apply(RouteOrder order)
    {
        _router.Apply(order);
        lock (_gate)
        {
            if (IsOpen)
                return;
            board.Open();
            room.Registry.Open();
            IsOpen = true;
        }
    }

    /// <summary>Whether the newest route of a Canary has endpoints.</summary>
    public bool LeadsToPods(string key) => board.Current is { } current && board.Find(current.Version, key) is { } route
        && route.Routes.Any(one => one.Stable.Endpoints.Count > 0 || one.Canary?.Endpoints.Count > 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        room.Registry.DropAll("The Canary is gone, or this controller leads no more.");
        room.Registry.Dispose();
    }
}
