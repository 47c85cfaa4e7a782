using System.Buffers;
using System.ComponentModel;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace MeshCanary.Proxy.Transport;

/// <summary>Connections on the loops.</summary>
internal sealed class EpollTransport(SocketTransportOptions options, MemoryPool<byte> memory) : IClientTransport
{
    public ConnectionContext Take(Socket accepted)
    {
        var connection = new ClientConnection(
            accepted, EpollLoops.Next(), (int)(options.MaxReadBufferSize ?? int.MaxValue), (int)(options.MaxWriteBufferSize ?? int.MaxValue), memory);
        try
        {
            connection.Start();
            return connection;
        }
        catch (Win32Exception fault)
        {
            connection.Abort();
            throw new IOException(fault.Message, fault);
        }
    }
}
