using System.Net;
using System.Net.Sockets;

namespace MeshCanary.Controller.Tests.Support;

/// <summary>An endpoint that accepts connections: ready, as far as a Canary without a health path is concerned.</summary>
internal sealed class Backend : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Backend() => _listener.Start();

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>An address that nothing listens on.</summary>
    public static string Nowhere()
    {
        using var gone = new Backend();
        return gone.Address;
    }

    public void Dispose() => _listener.Dispose();
}
