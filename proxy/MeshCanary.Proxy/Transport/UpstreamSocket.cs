using System.Net;

namespace MeshCanary.Proxy.Transport;

/// <summary>
/// A connection to an upstream. At most one sending and one receiving at a time, which may overlap; disposing it, from any
/// thread, ends both.
/// </summary>
internal abstract class UpstreamSocket : IDisposable
{
    /// <summary>Where it is best used from; null for anywhere.</summary>
    public virtual EpollLoop? Loop => null;

    /// <summary>Whether there is something to receive, an end or a fault, whether or not anybody was told.</summary>
    public abstract bool IsReadable { get; }

    /// <summary>Whether bytes that were taken have not been sent yet.</summary>
    public virtual bool IsSending => false;

    /// <summary>
    /// Sends all of the bytes, soon and without being waited for: they have to stay as they are until an answer has come or this
    /// is disposed. That they could not be sent is learned by receiving.
    /// </summary>
    /// <returns>False when it is not taken; then it is to be sent in the usual way.</returns>
    public virtual bool TryPost(ReadOnlyMemory<byte> bytes) => false;

    /// <summary>Sends some of the bytes.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The connection has ended.</exception>
    public abstract ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Receives.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The connection has ended.</exception>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    public abstract void Dispose();

    /// <summary>Connects.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="onLoop">Whether it is to be watched by a loop, of which there must be some.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="System.Net.Sockets.SocketException">Nothing listens there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async ValueTask<UpstreamSocket> ConnectAsync(IPEndPoint endpoint, bool onLoop, CancellationToken cancellationToken) =>
        onLoop ? await EpollUpstream.OpenAsync(endpoint, cancellationToken) : await RuntimeUpstream.OpenAsync(endpoint, cancellationToken);
}
