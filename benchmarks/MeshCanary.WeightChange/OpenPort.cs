using System.Net;
using System.Net.Sockets;

namespace MeshCanary.WeightChange;

/// <summary>An endpoint that takes connections and says nothing: ready, for a version without a health path.</summary>
internal sealed class OpenPort : IDisposable
{
    private readonly TcpListener _listener;

    public OpenPort(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                (await _listener.AcceptSocketAsync()).Dispose();
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The run is over.
        }
    }
}
