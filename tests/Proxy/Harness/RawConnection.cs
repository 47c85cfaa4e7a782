using System.Net.Sockets;
using System.Text;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>A client's connection that sends the very bytes it is told, and reads answers strictly.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private MessageReader? _reader;

    public static async Task<RawConnection> OpenAsync(TestProxy proxy, CancellationToken cancellation)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(proxy.Server.Listen, cancellation);
        connection._reader = new MessageReader(connection._client.GetStream());
        return connection;
    }

    /// <summary>Sends bytes, a character each. A proxy that has closed already is no fault here.</summary>
    public async Task SendAsync(string bytes, CancellationToken cancellation)
    {
        try
        {
            await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes), cancellation);
        }
        catch (IOException)
        {
            // It refused before it had read all of it.
        }
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void End()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The connection is gone already.
        }
    }

    /// <summary>The next answer, or null when the connection has ended.</summary>
    public async Task<RawMessage?> AnswerAsync(CancellationToken cancellation, bool toHead = false)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TestProxy.Deadline);
        return await _reader!.ReadAsync(status => toHead || status is < 200 or 204 or 304, limit.Token);
    }

    public void Dispose() => _client.Dispose();
}
