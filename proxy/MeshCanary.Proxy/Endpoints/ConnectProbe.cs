using System.Net;
using System.Net.Sockets;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>Opens a connection and closes it.</summary>
internal sealed class ConnectProbe(IPEndPoint address) : IProbe
{
    public async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, cancellationToken);
            return "";
        }
        catch (SocketException failure)
        {
            return $"it cannot be connected to: {failure.Message}";
        }
    }
}
