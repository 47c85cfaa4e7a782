using System.Runtime.CompilerServices;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// An HTTP/1.1 connection to an upstream that tells an upstream's failure from the race with its keep-alive timeout. The
/// handler sends a request again, unseen, when the connection ends before the first byte of the response: right when the
/// upstream closed an idle connection and never saw the request, wrong when it took the request and broke off, since then
/// a version that drops connections looks healthy and its requests run several times.
/// </summary>
internal sealed class UpstreamStream(Stream inner, TimeProvider time) : Stream
{
    // Keep-alive timeouts are seconds, and the end that crosses a request on the way arrives within a round trip.
    private static readonly TimeSpan RaceWindow = TimeSpan.FromSeconds(1);

    private volatile State _state = State.Quiet;
    private long _lastByte = time.GetTimestamp();
    private long _asked;

    private enum State
    {
        Quiet,
        Asked,
        AskedAfterIdling,
        Tunnel,
    }

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // Most reads wait for the upstream: the pooled builder keeps them free of allocation.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException broken) when (IsFailure())
        {
            throw new UpstreamBrokeOffException(broken);
        }

        Received(buffer.Span, read);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = inner.Read(buffer);
        }
        catch (IOException broken) when (IsFailure())
        {
            throw new UpstreamBrokeOffException(broken);
        }

        Received(buffer, read);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Sending(buffer.Span);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Sending(buffer);
        inner.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    // Before the bytes go: the end of the connection may come while the write is still under way.
    private void Sending(ReadOnlySpan<byte> bytes)
    {
        if (_state != State.Quiet || !RequestHead.Starts(bytes, out var idempotent))
            return;
        _asked = time.GetTimestamp();
        var idled = time.GetElapsedTime(Volatile.Read(ref _lastByte), _asked) >= RaceWindow;
        _state = idled && idempotent ? State.AskedAfterIdling : State.Asked;
    }

    private void Received(ReadOnlySpan<byte> buffer, int read)
    {
        // A read into nothing only waits for bytes.
        if (read == 0 && !buffer.IsEmpty && IsFailure())
            throw new UpstreamBrokeOffException(null);
        if (read == 0)
            return;

        Volatile.Write(ref _lastByte, time.GetTimestamp());
        if (_state is State.Asked or State.AskedAfterIdling)
            _state = RequestHead.Switches(buffer[..read]) ? State.Tunnel : State.Quiet;
    }

    private bool IsFailure() => _state switch
    {
        State.Asked => true,
        State.AskedAfterIdling => time.GetElapsedTime(_asked) >= RaceWindow,
        _ => false,
    };
}
