using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// The response body of one request, counted on its way. Feature and stream in one object: the one allocation that
/// counting costs. It also knows whether the client or the upstream kept a broken-off response waiting.
/// </summary>
internal sealed class CountedResponseBody(IHttpResponseBodyFeature inner, TimeProvider time) : Stream, IHttpResponseBodyFeature
{
    private readonly Stream _stream = inner.Stream;
    private bool _clientStalls;

    public long Bytes { get; private set; }

    /// <summary>When the client last took something, as a timestamp; 0 before the first byte.</summary>
    public long LastProgress { get; private set; }

    /// <summary>Whether a write waits for the client at this moment.</summary>
    public bool ClientStalls => Volatile.Read(ref _clientStalls);

    Stream IHttpResponseBodyFeature.Stream => this;

    public PipeWriter Writer => inner.Writer;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        inner.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Bytes += buffer.Length;
        var write = _stream.WriteAsync(buffer, cancellationToken);
        if (!write.IsCompletedSuccessfully)
            return Await(write);
        LastProgress = time.GetTimestamp();
        return write;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _stream.FlushAsync(cancellationToken);

    public override void Flush() => _stream.Flush();

    public override void Write(byte[] buffer, int offset, int count)
    {
        Bytes += count;
        _stream.Write(buffer, offset, count);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // The flag stays up when the write fails: that is when it is asked for.
    private async ValueTask Await(ValueTask write)
    {
        Volatile.Write(ref _clientStalls, true);
        await write.ConfigureAwait(false);
        Volatile.Write(ref _clientStalls, false);
        LastProgress = time.GetTimestamp();
    }
}
