namespace MeshCanary.Proxy.Forwarding;

/// <summary>A request body, counted as it is read.</summary>
/// <param name="inner">The body.</param>
/// <param name="promised">Whether the client has to send it whole before it may expect an answer.</param>
internal sealed class CountedRequestBody(Stream inner, bool promised) : Stream
{
    private volatile bool _waiting;

    public long Bytes { get; private set; }

    /// <summary>Whether the exchange waits for the client's bytes, or ended while it did.</summary>
    public bool IsOwed => promised && _waiting;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Stays set when the read is cancelled: then it is what nobody waited for any longer.
        _waiting = true;
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _waiting = false;
        Bytes += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Bytes += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
