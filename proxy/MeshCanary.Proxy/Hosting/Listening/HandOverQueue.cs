using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>The server's side of a <see cref="HandOverEndPoint"/>: a queue of accepted connections.</summary>
internal abstract class HandOverQueue<T>(EndPoint endpoint)
    where T : BaseConnectionContext
{
    // Unbounded: the server takes at once, and closes by itself what is beyond its limit of connections.
    private readonly Channel<T> _accepted = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true });

    public EndPoint EndPoint { get; } = endpoint;

    public bool TryAdd(T connection) => _accepted.Writer.TryWrite(connection);

    public async ValueTask<T?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepted.Reader.TryRead(out var connection))
                return connection;
        }

        return null;
    }

    // What is in the queue by now is still served.
    public ValueTask DisposeAsync()
    {
        _accepted.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
