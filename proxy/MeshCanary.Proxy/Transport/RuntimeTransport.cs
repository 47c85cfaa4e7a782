using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace MeshCanary.Proxy.Transport;

/// <summary>Connections on the runtime's sockets, where there are no loops or they are not wanted.</summary>
internal sealed class RuntimeTransport(SocketConnectionContextFactory connections) : IClientTransport
{
    public ConnectionContext Take(Socket accepted) => connections.Create(accepted);
}
