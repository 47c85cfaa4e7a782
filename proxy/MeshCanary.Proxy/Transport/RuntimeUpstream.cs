using System.Net;
using System.Net.Sockets;

namespace MeshCanary.Proxy.Transport;

/// <summary>A connection to an upstream on the runtime's sockets.</summary>
internal sealed class RuntimeUpstream(Socket socket) : UpstreamSocket
{
    public override bool IsReadable
    {
        get
        {
            try
            {
                return socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    public static async ValueTask<UpstreamSocket> OpenAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            return new RuntimeUpstream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => socket.SendAsync(bytes, SocketFlags.None);

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None, CancellationToken.None);

    public override void Dispose() => socket.Dispose();
}
