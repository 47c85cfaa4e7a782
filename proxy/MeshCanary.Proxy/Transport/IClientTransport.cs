using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace MeshCanary.Proxy.Transport;

/// <summary>Makes connections of the web server from the sockets of clients.</summary>
internal interface IClientTransport
{
    /// <summary>Takes over a socket that was accepted, whatever happens.</summary>
    /// <exception cref="IOException">The system has no room for it.</exception>
    ConnectionContext Take(Socket accepted);
}
