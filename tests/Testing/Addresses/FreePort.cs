using System.Net;
using System.Net.Sockets;

namespace MeshCanary.Testing.Addresses;

/// <summary>
/// Finds ports for processes that cannot report a port of their own choice. They lie below the range that the system
/// hands out to outgoing connections, so that no connection of the load takes one before it is used. Whatever can
/// listen on port 0 still should.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int _next = Random.Shared.Next(Count);

    /// <summary>A port of 127.0.0.1 that nobody listened on a moment ago, another one each time.</summary>
    public static int Find()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one may be free.
            }
        }

        throw new InvalidOperationException($"All ports of 127.0.0.1 from {First} to {First + Count - 1} are taken.");
    }
}
