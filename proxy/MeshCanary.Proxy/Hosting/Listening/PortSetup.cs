using MeshCanary.Proxy.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>What all ports share; without <paramref name="Http3"/> no port speaks it.</summary>
internal sealed record PortSetup(
    SocketTransportOptions Transport, IClientTransport Connections, HandOverTransport HandOver, Http3Transport? Http3, TimeProvider Time, ILogger Logger);
