using MeshCanary.Proxy.Mirroring;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>A request body, counted as it is read.</summary>
/// <param name="inner">The body.</param>
/// <param name="promised">Whether the client has to send it whole before it may expect an answer.</param>
internal sealed class CountedRequestBody(Stream inner, bool promised) : Stream
{
    private volatile bool _waiting;

    public long Bytes { get; private set; }

    /// <summary>What is given every piece as it passes; null for nothing.</summary>
    public MirrorCopy? Copy { get; init; }

    /// <summary>Whether anybody has asked for its first byte.</summary>
    public bool HasBegun { get; private set; }

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

    /// <summary>Counts the body of a request from now on; null when the request cannot have one.</summary>
    public static CountedRequestBody? Of(HttpContext context, MirrorCopy? copy)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return null;

        // A stream over HTTP/2 or HTTP/3 may rightly stay open without a word while its upstream is the one to speak.
        var isStream = HttpProtocol.IsHttp2(request.Protocol) || HttpProtocol.IsHttp3(request.Protocol);
        var counted = new CountedRequestBody(request.Body, promised: request.ContentLength is not null || !isStream) { Copy = copy };
        request.Body = counted;
        return counted;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        HasBegun = true;
        // Stays set when the read is cancelled: then it is what nobody waited for any longer.
        _waiting = true;
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _waiting = false;
        Bytes += read;
        // A read into nothing only waits for bytes: it is no end.
        if (Copy is { } copy && !buffer.IsEmpty)
            copy.Take(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        HasBegun = true;
        var read = inner.Read(buffer, offset, count);
        Bytes += read;
        if (Copy is { } copy && count > 0)
            copy.Take(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
