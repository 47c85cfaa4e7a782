using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MeshCanary.Proxy.Transport;

/// <summary>A connection to an upstream on a loop.</summary>
internal sealed class EpollUpstream : UpstreamSocket, IReadiness
{
    private readonly EpollSocket _socket;
    private readonly byte[] _address;
    private readonly Waiter<int> _received = new();
    private readonly Waiter<int> _sent = new();
    private Memory<byte> _room;
    private ReadOnlyMemory<byte> _rest;
    private bool _isReceiving;
    private bool _isConnecting;
    private bool _isPosted;
    // Set before the last try to send: the loop, told of room that comes after it, then finds that somebody wants it.
    private volatile bool _isSending;

    private EpollUpstream(Socket socket, EpollLoop loop, SocketAddress address)
    {
        _socket = new EpollSocket(socket, loop, this);
        _address = address.Buffer[..address.Size].ToArray();
    }

    public override EpollLoop Loop => _socket.Loop;

    public override bool IsReadable
    {
        get
        {
            try
            {
                return _socket.Inner.Poll(TimeSpan.Zero, SelectMode.SelectRead);
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    public static async ValueTask<UpstreamSocket> OpenAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
        var made = new EpollUpstream(socket, EpollLoops.Current ?? EpollLoops.Next(), endpoint.Serialize());
        try
        {
            await made.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    public override bool IsSending => _isSending;

    public override bool TryPost(ReadOnlyMemory<byte> bytes)
    {
        if (EpollLoops.Current is not { } loop)
            return false;
        lock (_socket.SendGate)
        {
            if (_socket.IsClosed)
                return false;
            (_rest, _isPosted, _isSending) = (bytes, true, true);
        }

        loop.Post(this);
        return true;
    }

    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        lock (_socket.SendGate)
        {
            var count = _socket.Send(bytes.Span);
            if (count == EpollSocket.Nothing)
            {
                _isSending = true;
                Interlocked.MemoryBarrier();
                count = _socket.Send(bytes.Span);
                if (count == EpollSocket.Nothing)
                {
                    _rest = bytes;
                    return _sent.Start();
                }

                _isSending = false;
            }

            return count >= 0 ? new ValueTask<int>(count) : ValueTask.FromException<int>(SocketFault.Of(count));
        }
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        lock (_socket.ReceiveGate)
        {
            var count = _socket.IsReadable || _socket.IsClosed ? _socket.Receive(buffer.Span) : EpollSocket.Nothing;
            if (count >= 0)
                return new ValueTask<int>(count);
            if (count != EpollSocket.Nothing)
                return ValueTask.FromException<int>(SocketFault.Of(count));
            (_room, _isReceiving) = (buffer, true);
            return _received.Start();
        }
    }

    public void OnReadable(bool ended)
    {
        int count;
        lock (_socket.ReceiveGate)
        {
            _socket.NoteReadable(ended);
            if (!_isReceiving)
                return;
            count = _socket.Receive(_room.Span);
            if (count == EpollSocket.Nothing)
                return;
            (_room, _isReceiving) = (default, false);
        }

        Answer(_received, count);
    }

    public void OnWritable()
    {
        if (!_isSending)
            return;
        int count;
        lock (_socket.SendGate)
        {
            if (!_isSending)
                return;
            if (_isPosted)
            {
                SendPosted();
                return;
            }

            count = _isConnecting ? TryConnect() : _socket.Send(_rest.Span);
            if (count == EpollSocket.Nothing)
                return;
            (_rest, _isSending) = (default, false);
        }

        Answer(_sent, count);
    }

    public override void Dispose() => End(SocketFault.Of(-Libc.BadDescriptor));

    // Within the gate.
    private void SendPosted()
    {
        while (!_rest.IsEmpty)
        {
            var count = _socket.Send(_rest.Span);
            if (count == EpollSocket.Nothing)
                return;
            _rest = count < 0 ? default : _rest[count..];
        }

        (_isPosted, _isSending) = (false, false);
    }

    private static void Answer(Waiter<int> waiter, int count)
    {
        if (count >= 0)
            waiter.Complete(count);
        else
            waiter.Fail(SocketFault.Of(count));
    }

    private async ValueTask ConnectAsync(CancellationToken cancellationToken)
    {
        ValueTask<int> connected;
        lock (_socket.SendGate)
        {
            var begun = TryConnect();
            if (begun < 0 && begun != EpollSocket.Nothing)
                throw SocketFault.Of(begun);
            (_isConnecting, _isSending) = (true, true);
            connected = _sent.Start();
        }

        try
        {
            // Only now: the system takes a socket that has not begun to connect for one that has ended.
            _socket.Watch();
        }
        catch (Win32Exception fault)
        {
            throw new SocketException((int)SocketError.TooManyOpenSockets, fault.Message);
        }

        _sent.EndWith(cancellationToken.UnsafeRegister(static (one, token) => ((EpollUpstream)one!).End(new OperationCanceledException(token)), this));
        await connected.ConfigureAwait(false);
        _isConnecting = false;
    }

    // Said again, it tells how the first time ended.
    private unsafe int TryConnect()
    {
        fixed (byte* address = _address)
        {
            if (Libc.Connect(_socket.Descriptor, address, _address.Length) == 0)
                return 0;
        }

        return Marshal.GetLastPInvokeError() switch
        {
            Libc.IsConnected => 0,
            Libc.Connecting or Libc.AlreadyConnecting or Libc.Interrupted => EpollSocket.Nothing,
            var fault => -fault,
        };
    }

    private void End(Exception reason)
    {
        _socket.Dispose();
        bool receives, sends;
        lock (_socket.ReceiveGate)
            (receives, _isReceiving, _room) = (_isReceiving, false, default);
        lock (_socket.SendGate)
            (sends, _isSending, _isPosted, _rest) = (_isSending && !_isPosted, false, false, default);
        // Elsewhere, for whoever ends it may be the one that waits.
        if (receives)
            _received.Fail(reason);
        if (sends)
            _sent.Fail(reason);
    }
}
