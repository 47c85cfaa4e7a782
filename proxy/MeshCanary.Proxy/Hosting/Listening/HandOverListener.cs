using System.Net;
using Microsoft.AspNetCore.Connections;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>The queue of connections by TCP.</summary>
internal sealed class HandOverListener(EndPoint endpoint) : HandOverQueue<ConnectionContext>(endpoint), IConnectionListener
{
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();
}
