using System.Net.Sockets;

namespace MeshCanary.TestCluster.Commands;

/// <summary>Passes connections on. A socket in the file system is seen from both sides of a network namespace.</summary>
/// <param name="listener">Listens already.</param>
/// <param name="connect">Makes the other half of a connection.</param>
internal sealed class Relay(Socket listener, Func<CancellationToken, Task<Socket>> connect)
{
    /// <summary>Passes on until cancelled.</summary>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var near = await listener.AcceptAsync(cancellation);
            _ = PassAsync(near, cancellation);
        }
    }

    private async Task PassAsync(Socket near, CancellationToken cancellation)
    {
        try
        {
            using (near)
            using (var far = await connect(cancellation))
            await using (var nearStream = new NetworkStream(near))
            await using (var farStream = new NetworkStream(far))
                await Task.WhenAny(nearStream.CopyToAsync(farStream, cancellation), farStream.CopyToAsync(nearStream, cancellation));
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            // The end of one half is the end of the other.
        }
    }
}
