using System.Buffers;
using System.IO.Pipelines;

namespace MeshCanary.Proxy.Transport;

/// <summary>
/// What a client sends, taken from its socket when it is asked for, into a buffer that is there only while it holds bytes.
/// Once the client has ended its side, the rest is read ahead, so that the end is known. One reader; the rest from any thread.
/// </summary>
internal sealed class ClientReader(ClientConnection connection, EpollSocket socket, int mostAhead) : PipeReader
{
    private const int SmallBuffer = 4 * 1024;
    private const int LargeBuffer = 64 * 1024;

    private readonly Waiter<ReadResult> _waiter = new();
    private byte[]? _buffer;
    private int _start;
    private int _examined;
    private int _end;
    private bool _isLent;
    private bool _isWaiting;
    private bool _isCancelled;
    private bool _isAtEnd;
    private bool _isComplete;
    private bool _wasFull;
    private Exception? _fault;
    private int _told;

    private bool IsOver => _isAtEnd || _fault is not null;

    public override bool TryRead(out ReadResult result)
    {
        bool taken;
        lock (socket.ReceiveGate)
            taken = TryTake(out result);
        TellEnd();
        return taken;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        ValueTask<ReadResult> waiting = default;
        bool taken;
        ReadResult result;
        lock (socket.ReceiveGate)
        {
            taken = TryTake(out result);
            if (!taken)
            {
                _isWaiting = true;
                waiting = _waiter.Start();
            }
        }

        TellEnd();
        if (taken)
            return new ValueTask<ReadResult>(result);
        if (cancellationToken.CanBeCanceled)
            _waiter.EndWith(cancellationToken.UnsafeRegister(static (one, token) => ((ClientReader)one!).CancelWait(token), this));
        return waiting;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (socket.ReceiveGate)
        {
            _isLent = false;
            if (_buffer is not null)
            {
                _start = PlaceOf(consumed);
                _examined = Math.Max(_start, PlaceOf(examined));
                if (_start == _end)
                    Release();
            }

            ReadAhead();
        }

        TellEnd();
    }

    public override void CancelPendingRead()
    {
        ReadResult result;
        lock (socket.ReceiveGate)
        {
            if (!_isWaiting)
            {
                _isCancelled = true;
                return;
            }

            _isWaiting = false;
            result = Take(isCancelled: true);
        }

        _waiter.Complete(result, elsewhere: true);
    }

    public override void Complete(Exception? exception = null)
    {
        lock (socket.ReceiveGate)
        {
            (_isComplete, _isLent) = (true, false);
            Release();
        }
    }

    /// <summary>The loop says that something is there.</summary>
    public void OnReadable(bool ended)
    {
        var answers = false;
        ReadResult result = default;
        lock (socket.ReceiveGate)
        {
            socket.NoteReadable(ended);
            if (_isComplete)
                return;
            if (_isWaiting && !IsOver)
                TryReceive();
            ReadAhead();
            if (_isWaiting && (IsOver || _end > _examined))
            {
                (_isWaiting, answers) = (false, true);
                if (_fault is null)
                    result = Take(isCancelled: false);
            }
        }

        TellEnd();
        if (!answers)
            return;
        if (_fault is { } fault)
            _waiter.Fail(fault);
        else
            _waiter.Complete(result);
    }

    /// <summary>Ends it with a fault, which is what who waits or asks gets.</summary>
    public void Fail(Exception fault)
    {
        bool answers;
        lock (socket.ReceiveGate)
        {
            _fault ??= fault;
            (answers, _isWaiting) = (_isWaiting, false);
        }

        if (answers)
            _waiter.Fail(_fault);
    }

    /// <summary>
    /// Throws away what has come and nobody will read. A socket that is closed with such bytes in it resets the client, who
    /// may then lose the answer that is on its way.
    /// </summary>
    public void Discard()
    {
        lock (socket.ReceiveGate)
        {
            if (!socket.IsReadable || IsOver)
                return;
            var scratch = ArrayPool<byte>.Shared.Rent(LargeBuffer);
            for (var left = mostAhead; left > 0 && socket.IsReadable;)
            {
                var count = socket.Receive(scratch);
                if (count <= 0)
                    break;
                left -= count;
            }

            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static int PlaceOf(SequencePosition position) => position.GetInteger() & int.MaxValue;

    private void CancelWait(CancellationToken token)
    {
        lock (socket.ReceiveGate)
        {
            if (!_isWaiting)
                return;
            _isWaiting = false;
        }

        _waiter.Fail(new OperationCanceledException(token));
    }

    // Not within the gate: the connection takes the other one.
    private void TellEnd()
    {
        if (IsOver && Interlocked.Exchange(ref _told, 1) == 0)
            connection.ReaderEnded(_fault);
    }

    // Within the gate, as all below.
    private bool TryTake(out ReadResult result)
    {
        if (_isComplete)
            throw new InvalidOperationException("Reading is over.");
        if (!_isCancelled && !IsOver && _end == _examined && socket.IsReadable)
            TryReceive();
        if (_fault is not null)
            throw _fault;
        if (!_isCancelled && !_isAtEnd && _end == _examined)
        {
            result = default;
            return false;
        }

        result = Take(_isCancelled);
        _isCancelled = false;
        return true;
    }

    private ReadResult Take(bool isCancelled)
    {
        _isLent = true;
        var bytes = _buffer is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        return new ReadResult(bytes, isCancelled, _isAtEnd);
    }

    // As long as nobody asks, only for the end. Who has bytes in hand must not lose them.
    private void ReadAhead()
    {
        while (socket is { HasEnded: true, IsReadable: true } && !_isLent && !_isComplete && !IsOver && _end - _start < mostAhead)
            TryReceive();
    }

    private void TryReceive()
    {
        MakeRoom();
        var room = _buffer.AsSpan(_end);
        var count = socket.Receive(room);
        if (count > 0)
        {
            _end += count;
            _wasFull = count == room.Length;
            return;
        }

        if (_start == _end)
            Release();
        if (count == 0)
            _isAtEnd = true;
        else if (count != EpollSocket.Nothing)
            _fault = ClientConnection.Gone(count);
    }

    private void MakeRoom()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(_wasFull ? LargeBuffer : SmallBuffer);
            return;
        }

        if (_end < _buffer.Length)
            return;
        var unread = _buffer.AsSpan(_start, _end - _start);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(unread.Length * 2, SmallBuffer));
        unread.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        (_start, _examined, _end) = (0, _examined - _start, unread.Length);
    }

    private void Release()
    {
        (_start, _examined, _end) = (0, 0, 0);
        if (_buffer is not { } buffer)
            return;
        _buffer = null;
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
