using System.Net;
using System.Net.Sockets;

namespace MeshCanary.Testing.Addresses;

/// <summary>
/// Finds ports for processes that cannot report a port of their own choice. Somebody else may take the port before it
/// is used, so whatever can listen on port 0 should.
/// </summary>
public static class FreePort
{
    /// <summary>A port of 127.0.0.1 that nobody listened on a moment ago.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
