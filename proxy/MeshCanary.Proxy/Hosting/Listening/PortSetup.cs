using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>What all ports share.</summary>
internal sealed record PortSetup(
    SocketTransportOptions Transport, SocketConnectionContextFactory Connections, HandOverTransport HandOver, TimeProvider Time, ILogger Logger);
