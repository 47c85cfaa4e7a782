using System.Net;
using System.Net.Sockets;

namespace MeshCanary.Controller.Tests.Support;

/// <summary>An endpoint that accepts connections: ready, as far as a Canary without a health path is concerned.</summary>
internal sealed class Backend : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <param name="answers">False takes an address and lets nobody in, so that nothing else can answer there.</param>
    public Backend(bool answers = true)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (answers)
            _socket.Listen();
    }

    public string Address => $"http://{_socket.LocalEndPoint}";

    public void Dispose() => _socket.Dispose();
}
