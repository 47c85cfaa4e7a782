using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>
/// <see cref="HandOverTransport"/> for HTTP/3. The server binds its TLS endpoint here once and says how handshakes are
/// done; the open ports bind the system's QUIC by that, and hand over what they accept.
/// </summary>
internal sealed class Http3Transport : IMultiplexedConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private IMultiplexedConnectionListenerFactory? _quic;
    private IFeatureCollection? _handshake;
    private Http3Listener? _listener;

    public bool CanBind(EndPoint endpoint) => endpoint is HandOverEndPoint;

    public ValueTask<IMultiplexedConnectionListener> BindAsync(EndPoint endpoint, IFeatureCollection? features = null, CancellationToken cancellationToken = default)
    {
        (_handshake, _listener) = (features, new Http3Listener(endpoint));
        return ValueTask.FromResult<IMultiplexedConnectionListener>(_listener);
    }

    /// <summary>Takes what knows QUIC: the other of the server's factories.</summary>
    public void Attach(IEnumerable<IMultiplexedConnectionListenerFactory> factories) => _quic = factories.Last(it => it != this);

    /// <summary>Binds a UDP port.</summary>
    public ValueTask<IMultiplexedConnectionListener> OpenAsync(IPEndPoint address, CancellationToken cancellationToken) =>
        _quic!.BindAsync(address, _handshake, cancellationToken);

    /// <summary>Gives a connection to the server.</summary>
    /// <returns>False when the server does not take any more; the connection is still the caller's.</returns>
    public bool TryHandOver(MultiplexedConnectionContext connection) => _listener!.TryAdd(connection);
}
