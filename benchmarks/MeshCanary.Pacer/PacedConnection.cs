using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeshCanary.Pacer;

/// <summary>A kept connection with one request under way at most. Not thread-safe.</summary>
internal sealed class PacedConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _answer = new byte[64 * 1024];
    private int _received;
    private int _length;

    public PacedConnection(Uri target)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Parse(target.Host), target.Port);
        _socket.Blocking = false;
    }

    /// <summary>When its request was due, in ticks of the clock.</summary>
    public long Due { get; private set; }

    /// <summary>Sends a request. It fits the socket's buffer, since nothing else is in it.</summary>
    public void Send(byte[] request, long due)
    {
        (Due, _received, _length) = (due, 0, 0);
        if (_socket.Send(request, 0, request.Length, SocketFlags.None, out var error) != request.Length)
            throw new IOException($"A request could not be sent: {error}.");
    }

    /// <summary>Takes what has come.</summary>
    /// <returns>The status when the answer is whole, or 0.</returns>
    public int Receive()
    {
        var count = _socket.Receive(_answer, _received, _answer.Length - _received, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return 0;
        if (error != SocketError.Success || count == 0)
            throw new IOException($"A connection broke: {(error == SocketError.Success ? "it was closed" : error)}.");
        _received += count;
        if (_length == 0)
            _length = FindLength();
        return _length > 0 && _received >= _length ? Status() : 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private int Status() => ((_answer[9] - '0') * 100) + ((_answer[10] - '0') * 10) + (_answer[11] - '0');

    // Head and body together; 0 before the head is whole.
    private int FindLength()
    {
        var seen = _answer.AsSpan(0, _received);
        var end = seen.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return 0;
        var head = Encoding.ASCII.GetString(seen[..end]);
        const string Name = "\r\ncontent-length:";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            throw new IOException($"An answer says no length: {head}");
        var text = head.AsSpan(at + Name.Length);
        var line = text.IndexOf('\r');
        return end + 4 + int.Parse(line < 0 ? text : text[..line], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }
}
