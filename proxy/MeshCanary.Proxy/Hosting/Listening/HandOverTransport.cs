using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>
/// "Listens" on <see cref="HandOverEndPoint"/>s: the server binds them once, and takes from them what the open ports
/// accept. So ports can open and close while the server runs, which it cannot do by itself.
/// </summary>
internal sealed class HandOverTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly ConcurrentDictionary<EndPoint, HandOverListener> _listeners = new();

    public bool CanBind(EndPoint endpoint) => endpoint is HandOverEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(_listeners.GetOrAdd(endpoint, static it => new HandOverListener(it)));

    /// <summary>Gives a connection to the server.</summary>
    /// <returns>False when the server does not take any more; the connection is still the caller's.</returns>
    public bool TryHandOver(HandOverEndPoint endpoint, ConnectionContext connection) =>
        _listeners.TryGetValue(endpoint, out var listener) && listener.TryAdd(connection);
}
