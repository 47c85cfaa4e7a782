using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>What is known of a client's connection besides what the server knows: a feature of the connection.</summary>
/// <param name="port">The port that it came by.</param>
internal sealed class PortConnection(OpenPort port)
{
    private BaseConnectionContext? _connection;
    private volatile bool _hasPreface;

    /// <summary>Whether its port, and so the connection, is to end when it can.</summary>
    public bool IsDraining => port.IsDraining;

    // Between two requests HTTP/1.1 cannot say that there must be no more, as HTTP/2 and HTTP/3 can: its client learns it by an answer.
    private bool EndsByAnswer => !_hasPreface && _connection is ConnectionContext
        && _connection?.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual("h2"u8) != true;

    /// <summary>It opened with the preface of HTTP/2.</summary>
    public void HasPreface() => _hasPreface = true;

    /// <summary>Keeps the connection known to its port while it lasts.</summary>
    public async Task ServeAsync<T>(T connection, Func<T, Task> next)
        where T : BaseConnectionContext
    {
        _connection = connection;
        port.Add(this);
        try
        {
            await next(connection);
        }
        finally
        {
            port.Remove(this);
        }
    }

    /// <summary>Asks a connection that can be told so at any time to end after the requests in flight.</summary>
    public void CloseWhenTold()
    {
        if (!EndsByAnswer)
            Close();
    }

    /// <summary>Asks the connection to end after the requests in flight; an idle one ends at once.</summary>
    public void Close() => _connection?.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();

    /// <summary>Breaks it off.</summary>
    public void Abort() => _connection?.Abort();
}
