using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// What one arm of one snapshot may use. Picking takes no lock and allocates nothing, but for the one request after each
/// change of what is ready. Any thread.
/// </summary>
internal sealed class EndpointSet(EndpointGroup group, IReadOnlyList<Origin> origins)
{
    private volatile ReadyEndpoints? _known;

    /// <summary>How each address of the snapshot stands, in its order.</summary>
    public IEnumerable<EndpointStatus> Status => origins.Select(origin => origin.Status);

    /// <summary>Whether any endpoint is ready.</summary>
    public bool HasReady => Ready.Count > 0;

    /// <summary>All endpoints, ready or not.</summary>
    public IEnumerable<Endpoint> All => origins.SelectMany(origin => origin.Endpoints);

    /// <summary>Where its requests are counted, by address of the snapshot.</summary>
    public IEnumerable<EndpointCounters> Counters => origins.Select(origin => origin.Counters);

    internal EndpointGroup Group => group;

    internal IReadOnlyList<Origin> Origins => origins;

    private ReadyEndpoints Ready
    {
        get
        {
            // The stamp is read first: a change in between is then met by the next request.
            var stamp = group.Stamp;
            return _known is { } known && known.Stamp == stamp ? known : _known = ReadyEndpoints.Of(stamp, All, group);
        }
    }

    /// <summary>The less busy of two ready endpoints taken at random; null when there is none.</summary>
    /// <param name="except">One that is not wanted, because it was just tried; null for none.</param>
    public Endpoint? Pick(Endpoint? except) => Ready.Pick(except);

    /// <summary>The same among all endpoints, for when none is ready and trying is better than turning away.</summary>
    public Endpoint? PickAny(Endpoint? except) => Ready.PickAny(except);
}
