using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MeshCanary.Proxy.Transport;

/// <summary>
/// One thread that waits for sockets and goes on with whatever waited for them, right there. There is one for each core, for
/// the life of the process. Sockets may be added and removed from any thread.
/// </summary>
internal sealed unsafe class EpollLoop
{
    private const int MostEvents = 256;
    private const int MostPosted = 16;
    private const int CloseInChildren = 0x80000;
    private const int Add = 1;
    private const uint Wanted = EpollEvents.In | EpollEvents.Out | EpollEvents.PeerHangUp | EpollEvents.EdgeTriggered;
    private const int IndexBits = 32;

    private readonly Lock _gate = new();
    private readonly Stack<int> _free = [];
    private readonly List<IReadiness> _posted = [];
    private readonly int _epoll;
    private EpollSocket?[] _sockets = new EpollSocket[64];
    private int _used;
    private long _added;

    /// <param name="index">Its place among the loops.</param>
    /// <exception cref="Win32Exception">The system gives no descriptor for events.</exception>
    public EpollLoop(int index)
    {
        Index = index;
        _epoll = Libc.EpollCreate(CloseInChildren);
        if (_epoll < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        new Thread(Run) { IsBackground = true, Name = $"Sockets {index}" }.UnsafeStart();
    }

    /// <summary>Its place among the loops.</summary>
    public int Index { get; }

    /// <summary>Begins to tell a socket of its events.</summary>
    /// <exception cref="Win32Exception">The system cannot watch more.</exception>
    public void Watch(EpollSocket socket)
    {
        lock (_gate)
        {
            if (!_free.TryPop(out var index))
            {
                index = _used++;
                if (index == _sockets.Length)
                {
                    var more = new EpollSocket?[index * 2];
                    _sockets.CopyTo(more, 0);
                    Volatile.Write(ref _sockets, more);
                }
            }

            // No number comes twice: an event that was fetched for one socket never reaches the next one in its place.
            socket.Number = (++_added << IndexBits) | (uint)index;
            Volatile.Write(ref _sockets[index], socket);
        }

        var record = stackalloc byte[EpollEvents.Size];
        EpollEvents.Write(record, Wanted, socket.Number);
        if (Libc.EpollControl(_epoll, Add, socket.Descriptor, record) == 0)
            return;
        var fault = Marshal.GetLastPInvokeError();
        Forget(socket);
        throw new Win32Exception(fault);
    }

    /// <summary>Tells a socket nothing any more. Its closing takes it off the system's list.</summary>
    public void Forget(EpollSocket socket)
    {
        if (socket.Number == 0)
            return;
        lock (_gate)
        {
            var index = (int)(uint)socket.Number;
            if (_sockets[index] != socket)
                return;
            _sockets[index] = null;
            _free.Push(index);
        }
    }

    /// <summary>
    /// Lets an owner send when the events at hand are dealt with. Sent one after the other, what wakes a sleeping client or
    /// upstream finds it still awake the next time, and waking costs more than sending. By the loop's own thread.
    /// </summary>
    public void Post(IReadiness owner) => _posted.Add(owner);

    private void SendPosted()
    {
        // What goes on there may post again.
        for (var i = 0; i < _posted.Count; i++)
            _posted[i].OnWritable();
        _posted.Clear();
    }

    private void Run()
    {
        EpollLoops.Enter(this);
        var records = (byte*)NativeMemory.Alloc((nuint)(MostEvents * EpollEvents.Size));
        while (true)
        {
            var count = Libc.EpollWait(_epoll, records, MostEvents, -1);
            if (count < 0 && Marshal.GetLastPInvokeError() is var fault && fault != Libc.Interrupted)
                throw new Win32Exception(fault);
            for (var i = 0; i < count; i++)
            {
                var record = records + (i * EpollEvents.Size);
                var number = EpollEvents.Number(record);
                if (Volatile.Read(ref Volatile.Read(ref _sockets)[(int)(uint)number]) is { } socket && socket.Number == number)
                    socket.Tell(EpollEvents.Flags(record));
                if (_posted.Count >= MostPosted)
                    SendPosted();
            }

            SendPosted();
        }
    }
}
