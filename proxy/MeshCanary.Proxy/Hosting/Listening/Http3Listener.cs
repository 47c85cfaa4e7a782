using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>The queue of connections by QUIC.</summary>
internal sealed class Http3Listener(EndPoint endpoint) : HandOverQueue<MultiplexedConnectionContext>(endpoint), IMultiplexedConnectionListener
{
    public ValueTask<MultiplexedConnectionContext?> AcceptAsync(IFeatureCollection? features = null, CancellationToken cancellationToken = default) =>
        AcceptAsync(cancellationToken);

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();
}
