using System.Buffers;
using System.IO.Pipelines;

namespace MeshCanary.Proxy.Transport;

/// <summary>
/// What is sent to a client: at once, as far as the system has room for it; the loop sends the rest. A flush waits only while
/// more is left than may be. One writer; the rest from any thread.
/// </summary>
internal sealed class ClientWriter(ClientConnection connection, EpollSocket socket, int mostLeft) : PipeWriter
{
    private const int SmallBuffer = 4 * 1024;

    private readonly Waiter<FlushResult> _waiter = new();
    private byte[]? _buffer;
    private int _start;
    private int _flushed;
    private int _end;
    private bool _isLent;
    private bool _isWaiting;
    private bool _isCancelled;
    private bool _isComplete;
    private bool _isGone;
    // While it is set, buffer and places are also the loop's.
    private volatile bool _isSending;
    private TaskCompletionSource? _drained;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _end - _flushed;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsMemory(_end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsSpan(_end);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)((_buffer?.Length ?? 0) - _end), nameof(bytes));
        _end += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        ValueTask<FlushResult> waiting = default;
        Exception? fault;
        bool cancelled, waits;
        lock (socket.SendGate)
        {
            fault = EpollLoops.Current is { } loop ? Post(loop) : Push();
            (cancelled, _isCancelled) = (_isCancelled, false);
            waits = !_isGone && !cancelled && _flushed - _start > mostLeft;
            if (waits)
            {
                _isWaiting = true;
                waiting = _waiter.Start();
            }
        }

        if (fault is not null)
            connection.Close(fault);
        if (!waits)
            return new ValueTask<FlushResult>(new FlushResult(cancelled, _isGone));
        if (cancellationToken.CanBeCanceled)
            _waiter.EndWith(cancellationToken.UnsafeRegister(static (one, token) => ((ClientWriter)one!).CancelWait(token), this));
        return waiting;
    }

    public override void CancelPendingFlush()
    {
        lock (socket.SendGate)
        {
            if (!_isWaiting)
            {
                _isCancelled = true;
                return;
            }

            _isWaiting = false;
        }

        _waiter.Complete(new FlushResult(isCanceled: true, _isGone), elsewhere: true);
    }

    public override void Complete(Exception? exception = null)
    {
        Exception? fault;
        lock (socket.SendGate)
        {
            if (_isComplete)
                return;
            fault = Push();
            _isComplete = true;
            if (fault is null && _isSending)
                fault = SendAll();
        }

        if (fault is not null)
            connection.Close(fault);
    }

    /// <summary>Completes when all is sent, or never will be. After <see cref="Complete"/>.</summary>
    public Task DrainAsync()
    {
        lock (socket.SendGate)
        {
            if (!_isSending)
                return Task.CompletedTask;
            _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    /// <summary>The loop says that there may be room.</summary>
    public void OnWritable()
    {
        if (!_isSending)
            return;
        Exception? fault;
        bool answers;
        lock (socket.SendGate)
        {
            if (!_isSending)
                return;
            fault = SendAll();
            answers = _isWaiting && fault is null && _flushed - _start <= mostLeft / 2;
            _isWaiting &= !answers;
        }

        if (fault is not null)
            connection.Close(fault);
        else if (answers)
            _waiter.Complete(new FlushResult(isCanceled: false, isCompleted: false));
    }

    /// <summary>Nothing more can be sent.</summary>
    public void Fail()
    {
        bool answers;
        lock (socket.SendGate)
        {
            _isGone = true;
            if (_isSending)
            {
                _start = _flushed;
                StopSending();
            }

            (answers, _isWaiting) = (_isWaiting, false);
        }

        if (answers)
            _waiter.Complete(new FlushResult(isCanceled: false, isCompleted: true), elsewhere: true);
    }

    private void CancelWait(CancellationToken token)
    {
        lock (socket.SendGate)
        {
            if (!_isWaiting)
                return;
            _isWaiting = false;
        }

        _waiter.Fail(new OperationCanceledException(token));
    }

    private void MakeRoom(int sizeHint)
    {
        if (_isComplete)
            throw new InvalidOperationException("Writing is over.");
        sizeHint = Math.Max(sizeHint, 1);
        // Unless the loop sends, it is the writer's alone.
        if (!_isSending)
        {
            Grow(sizeHint);
            return;
        }

        lock (socket.SendGate)
            Grow(sizeHint);
    }

    private void Grow(int sizeHint)
    {
        _isLent = true;
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, SmallBuffer));
            return;
        }

        if (_buffer.Length - _end >= sizeHint)
            return;
        var left = _buffer.AsSpan(_start, _end - _start);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(left.Length * 2, left.Length + sizeHint));
        left.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        (_start, _flushed, _end) = (0, _flushed - _start, left.Length);
    }

    // Within the gate, as all below.
    private Exception? Post(EpollLoop loop)
    {
        if (_isGone || _isSending)
            return Push();
        _isLent = false;
        _flushed = _end;
        if (_start < _flushed)
        {
            _isSending = true;
            loop.Post(connection);
        }

        return null;
    }

    private Exception? Push()
    {
        _isLent = false;
        if (_isGone)
            _start = _end;
        _flushed = _end;
        // Before the try: the loop, told of room that comes after it, then finds that somebody wants it.
        var fault = _isSending || _start == _flushed ? null : SendFlushed();
        if (fault is null && !_isSending && _start < _flushed)
        {
            _isSending = true;
            Interlocked.MemoryBarrier();
            fault = SendAll();
        }
        else if (!_isSending && _start == _end)
        {
            Release();
        }

        return fault;
    }

    private Exception? SendAll()
    {
        var fault = SendFlushed();
        if (_start == _flushed)
            StopSending();
        return fault;
    }

    private Exception? SendFlushed()
    {
        while (_start < _flushed)
        {
            var count = socket.Send(_buffer.AsSpan(_start, _flushed - _start));
            if (count == EpollSocket.Nothing)
                return null;
            if (count < 0)
                return ClientConnection.Gone(count);
            _start += count;
        }

        return null;
    }

    private void StopSending()
    {
        if (!_isLent && _start == _end)
            Release();
        _drained?.TrySetResult();
        _isSending = false;
    }

    private void Release()
    {
        (_start, _flushed, _end) = (0, 0, 0);
        if (_buffer is not { } buffer)
            return;
        _buffer = null;
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
