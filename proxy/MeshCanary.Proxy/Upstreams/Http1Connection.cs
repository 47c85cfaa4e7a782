using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MeshCanary.Proxy.Transport;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>
/// One connection to an upstream. It serves one exchange at a time; sending and receiving may overlap. While it is idle a
/// receive is under way, so that an upstream that has closed it, or says something nobody asked for, is known before the next
/// request is sent: that costs nothing, since the first look for a response would find nothing either way.
/// <see cref="Abort"/> may come from any thread; everything else from the exchange, or from the pool between exchanges.
/// </summary>
internal sealed class Http1Connection(UpstreamSocket socket, Http1Pool pool, TimeProvider time) : IDisposable
{
    private const int SmallBuffer = 4096;

    // The lease's number in the high bits, so that who wants to end one exchange never hits the next one; below it the state,
    // which for an exchange that was broken off is the cause.
    private const long StateMask = 15;
    private const long Idle = 0;
    private const long Busy = 1;
    private const long BrokenOff = Busy;

    // Pinned for its life: the socket need not pin it for each receive.
    private readonly byte[] _small = GC.AllocateUninitializedArray<byte>(SmallBuffer, pinned: true);
    private byte[]? _rented;
    private int _start;
    private int _end;
    private ValueTask<int> _receiving;
    private bool _isReceiving;
    private long _lease;
    private long _lastByte = time.GetTimestamp();
    private CancellationTokenSource? _streams;

    public Http1Pool Pool => pool;

    /// <summary>Head of the response that is being read; kept for its memory.</summary>
    public ResponseHead Head { get; } = new();

    /// <summary>Trailer fields of the same.</summary>
    public FieldLines Trailers { get; } = new();

    /// <summary>What has arrived and is not consumed. Valid until the next receive.</summary>
    public Memory<byte> Unread => Buffer.AsMemory(_start, _end - _start);

    /// <summary>When the last byte was sent or received, as a timestamp; also read by the sweep.</summary>
    public long LastByte => Volatile.Read(ref _lastByte);

    /// <summary>Why the exchange was broken off, if it was.</summary>
    public AbortCause Cause => (Volatile.Read(ref _lease) & StateMask) is > BrokenOff and var state ? (AbortCause)(state - BrokenOff) : AbortCause.None;

    /// <summary>Whether an idle connection can be used no more: it has ended, or said something.</summary>
    public bool IsSpent => !_isReceiving || _receiving.IsCompleted;

    /// <summary>
    /// Whether the system has an end or bytes for us, also when the receive that is under way has not been told of it yet: the
    /// thread that would tell may be the very one that asks.
    /// </summary>
    public bool IsReadable => socket.IsReadable;

    /// <summary>Where it is best used from; null for anywhere.</summary>
    public EpollLoop? Loop => socket.Loop;

    /// <summary>Cancelled when the exchange is broken off. Made when first asked for: most exchanges never wait for anything but their socket.</summary>
    public CancellationToken Broken
    {
        get
        {
            if (Volatile.Read(ref _streams) is not { } streams)
            {
                // Upload and response may ask at the same moment: both must get what an abort finds.
                var made = new CancellationTokenSource();
                streams = Interlocked.CompareExchange(ref _streams, made, null) ?? made;
                if (Cause != AbortCause.None)
                    streams.Cancel();
            }

            return streams.Token;
        }
    }

    private byte[] Buffer => _rented ?? _small;

    /// <summary>Begins an exchange.</summary>
    public void Begin()
    {
        Touch();
        Volatile.Write(ref _lease, (_lease & ~StateMask) + (StateMask + 1) + Busy);
    }

    /// <summary>Ends an exchange whose response was read to its end, and waits for nothing.</summary>
    /// <returns>Whether another may follow; no when this one was broken off.</returns>
    public bool End()
    {
        var lease = _lease;
        // An answer that came before its question was sent is none.
        if (socket.IsSending || (lease & StateMask) != Busy || Interlocked.CompareExchange(ref _lease, (lease & ~StateMask) + Idle, lease) != lease || _end > _start)
            return false;
        ReleaseRented();
        _streams?.Dispose();
        _streams = null;
        _start = _end = 0;
        StartReceive();
        return !_receiving.IsCompleted;
    }

    /// <summary>Breaks off the exchange that is under way, if any: what waits for the connection or for <see cref="Broken"/> fails.</summary>
    public void Abort(AbortCause cause)
    {
        while (true)
        {
            var lease = Volatile.Read(ref _lease);
            if ((lease & StateMask) != Busy)
                return;
            if (TryAbort(lease, cause))
                return;
        }
    }

    /// <summary>Breaks off the exchange if nothing was sent or received since a time.</summary>
    public void AbortIfSilent(TimeSpan limit, long now)
    {
        // The lease first: a byte of a later exchange is then never taken for one of this.
        var lease = Volatile.Read(ref _lease);
        if ((lease & StateMask) == Busy && time.GetElapsedTime(LastByte, now) >= limit)
            TryAbort(lease, AbortCause.Silence);
    }

    public void Touch() => Volatile.Write(ref _lastByte, time.GetTimestamp());

    /// <summary>Sends all bytes soon, which stay as they are until the exchange has ended.</summary>
    /// <returns>False when they are to be sent in the usual way.</returns>
    public bool TryPost(ReadOnlyMemory<byte> bytes) => socket.TryPost(bytes);

    /// <summary>Sends all bytes.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = await socket.SendAsync(bytes).ConfigureAwait(false);
            bytes = bytes[sent..];
        }

        Touch();
    }

    /// <summary>Begins to look for the response. Nothing else may ask for bytes until <see cref="ReceiveAsync"/> has returned them.</summary>
    public void StartReceive()
    {
        if (_isReceiving)
            return;
        _isReceiving = true;
        if (_start == _end)
            _start = _end = 0;
        var room = _rented is null ? MemoryMarshal.CreateFromPinnedArray(_small, _end, SmallBuffer - _end) : _rented.AsMemory(_end);
#pragma warning disable CA2012 // Awaited once, by the one receive that follows; or never, when the connection has ended.
        _receiving = socket.ReceiveAsync(room);
#pragma warning restore CA2012
    }

    /// <summary>Adds to <see cref="Unread"/> what comes next.</summary>
    /// <returns>How many bytes; 0 when the upstream has ended the connection.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync()
    {
        StartReceive();
        var received = await _receiving.ConfigureAwait(false);
        _isReceiving = false;
        _end += received;
        Touch();
        return received;
    }

    public void Consume(int count) => _start += count;

    /// <summary>Makes room for more bytes than now fit. Not while a receive is under way.</summary>
    public void Grow(int size)
    {
        var unread = Unread;
        if (size <= Buffer.Length)
        {
            unread.CopyTo(Buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(size);
            unread.CopyTo(larger);
            if (_rented is not null)
                ArrayPool<byte>.Shared.Return(_rented);
            _rented = larger;
        }

        (_start, _end) = (0, unread.Length);
    }

    /// <summary>Whether nothing more fits behind what is unread.</summary>
    public bool IsFull => _end == Buffer.Length;

    public int Capacity => Buffer.Length;

    public void Dispose()
    {
        socket.Dispose();
        pool.Forget(this);
    }

    private bool TryAbort(long lease, AbortCause cause)
    {
        if (Interlocked.CompareExchange(ref _lease, (lease & ~StateMask) + BrokenOff + (long)cause, lease) != lease)
            return false;
        socket.Dispose();
        Volatile.Read(ref _streams)?.Cancel();
        return true;
    }

    private void ReleaseRented()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
