using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MeshCanary.Proxy.Transport;

/// <summary>
/// A socket whose loop tells when it is worth a try. Receiving is done within <see cref="ReceiveGate"/> and sending within
/// <see cref="SendGate"/>; closing takes both, so that no call meets a descriptor that is another's by now. Who holds both
/// has taken the first one first. Any thread.
/// </summary>
internal sealed unsafe class EpollSocket(Socket socket, EpollLoop loop, IReadiness owner) : IDisposable
{
    /// <summary>Instead of a count: there is nothing to receive, or no room to send, until the owner is told.</summary>
    public const int Nothing = int.MinValue;

    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;
    private const uint Readable = EpollEvents.In | Ends;
    private const uint Writable = EpollEvents.Out | EpollEvents.Error | EpollEvents.HangUp;
    private const uint Ends = EpollEvents.PeerHangUp | EpollEvents.Error | EpollEvents.HangUp;

    private bool _hasEnded;
    private bool _isClosed;

    public Lock ReceiveGate { get; } = new();

    public Lock SendGate { get; } = new();

    public Socket Inner => socket;

    public EpollLoop Loop => loop;

    public int Descriptor { get; } = (int)socket.Handle;

    /// <summary>What the loop knows it by; 0 before.</summary>
    public long Number { get; set; }

    /// <summary>Whether receiving may find something; within the gate.</summary>
    public bool IsReadable { get; private set; }

    /// <summary>Whether all that will ever come is there; within the gate.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Whether it was closed from this side; within either gate.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Begins to tell the owner.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system cannot watch more.</exception>
    public void Watch() => loop.Watch(this);

    /// <summary>What the loop has for it.</summary>
    public void Tell(uint events)
    {
        if ((events & Writable) != 0)
            owner.OnWritable();
        if ((events & Readable) != 0)
            owner.OnReadable((events & Ends) != 0);
    }

    /// <summary>Notes that there may be something to receive; within the gate.</summary>
    public void NoteReadable(bool ended)
    {
        IsReadable = true;
        _hasEnded |= ended;
    }

    /// <summary>Takes what is there; within the gate.</summary>
    /// <returns>How many bytes, 0 for the end, <see cref="Nothing"/>, or the number of the error below zero.</returns>
    public int Receive(Span<byte> buffer)
    {
        if (_isClosed)
            return -Libc.BadDescriptor;
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = (int)Libc.Receive(Descriptor, start, buffer.Length, DoNotWait);
                if (count >= 0)
                {
                    // Less than asked for is all there was, and what comes next is told. Only an end is not told again.
                    if (count < buffer.Length && !_hasEnded)
                        IsReadable = false;
                    return count;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Libc.Interrupted:
                        continue;
                    case Libc.WouldBlock:
                        IsReadable = false;
                        return Nothing;
                    case var fault:
                        return -fault;
                }
            }
        }
    }

    /// <summary>Sends what there is room for; within the gate.</summary>
    /// <returns>How many bytes, <see cref="Nothing"/>, or the number of the error below zero.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (_isClosed)
            return -Libc.BadDescriptor;
        fixed (byte* start = bytes)
        {
            while (true)
            {
                var count = (int)Libc.Send(Descriptor, start, bytes.Length, DoNotWait | NoSignal);
                if (count >= 0)
                    return count;
                switch (Marshal.GetLastPInvokeError())
                {
                    case Libc.Interrupted:
                        continue;
                    case Libc.WouldBlock:
                        return Nothing;
                    case var fault:
                        return -fault;
                }
            }
        }
    }

    /// <summary>Closes it, in both directions at once. Within neither gate.</summary>
    public void Dispose()
    {
        lock (ReceiveGate)
        {
            lock (SendGate)
            {
                if (_isClosed)
                    return;
                _isClosed = true;
            }
        }

        loop.Forget(this);
        try
        {
            // A copy of the descriptor in a child would keep the connection alive.
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The other side was first.
        }

        socket.Dispose();
    }
}
