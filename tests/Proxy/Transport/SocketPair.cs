using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MeshCanary.Proxy.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace MeshCanary.Proxy.Tests.Transport;

/// <summary>A client's plain socket, and the connection that a loop makes of the other end.</summary>
internal sealed class SocketPair : IAsyncDisposable
{
    private SocketPair(Socket client, ConnectionContext connection) => (Client, Connection) = (client, connection);

    public Socket Client { get; }

    public ConnectionContext Connection { get; }

    public static EpollTransport NewTransport(long mostAhead = 1024 * 1024, long mostLeft = 64 * 1024) =>
        new(new SocketTransportOptions { MaxReadBufferSize = mostAhead, MaxWriteBufferSize = mostLeft }, MemoryPool<byte>.Shared);

    public static async Task<SocketPair> MakeAsync(CancellationToken cancellation, EpollTransport? transport = null, int? clientRoom = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (clientRoom is { } room)
            client.ReceiveBufferSize = room;
        await client.ConnectAsync(listener.LocalEndpoint, cancellation);
        return new SocketPair(client, (transport ?? NewTransport()).Take(await listener.AcceptSocketAsync(cancellation)));
    }

    public async Task SayAsync(string text, CancellationToken cancellation) => await Client.SendAsync(Encoding.Latin1.GetBytes(text), cancellation);

    /// <summary>What the proxy's side reads next; consumed.</summary>
    public async Task<string> HearAsync(CancellationToken cancellation)
    {
        var read = await Connection.Transport.Input.ReadAsync(cancellation);
        var text = Encoding.Latin1.GetString(read.Buffer.ToArray());
        Connection.Transport.Input.AdvanceTo(read.Buffer.End);
        return text;
    }

    /// <summary>All that the client gets until the end.</summary>
    public async Task<byte[]> ClientReadsToEndAsync(CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (await Client.ReceiveAsync(piece, cancellation) is > 0 and var count)
            all.Write(piece, 0, count);
        return all.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Connection.Abort();
        await Connection.DisposeAsync();
        Client.Dispose();
    }
}
