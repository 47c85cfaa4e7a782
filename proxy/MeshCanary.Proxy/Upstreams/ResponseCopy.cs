using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>Copies the body of a response to the client, as it comes.</summary>
internal sealed class ResponseCopy(HttpContext context, Http1Connection connection)
{
    // A body that is longer than a connection's own buffer gets this one for as long as it lasts.
    private const int LargeBuffer = 64 * 1024;

    /// <summary>Whether it waits for the client to take bytes, or ended while it did.</summary>
    public bool IsWriting { get; private set; }

    /// <summary>Copies all of it.</summary>
    public ValueTask RunAsync() => connection.Head.Framing switch
    {
        BodyFraming.None => default,
        BodyFraming.Length => CopyLengthAsync(connection.Head.Length),
        BodyFraming.Chunked => CopyChunksAsync(),
        _ => CopyToEndAsync(),
    };

    private async ValueTask CopyLengthAsync(long left)
    {
        while (left > 0)
        {
            var data = connection.Unread;
            if (data.Length > left)
                data = data[..(int)left];
            if (!data.IsEmpty)
            {
                await WriteAsync(data).ConfigureAwait(false);
                connection.Consume(data.Length);
                left -= data.Length;
                continue;
            }

            if (left > connection.Capacity && connection.Capacity < LargeBuffer)
                connection.Grow((int)Math.Min(left, LargeBuffer));
            if (await connection.ReceiveAsync().ConfigureAwait(false) == 0)
                throw new IOException($"The upstream closed the connection {left} bytes before the end of the response.");
        }
    }

    private async ValueTask CopyChunksAsync()
    {
        var chunks = new ChunkReader();
        while (true)
        {
            var bytes = connection.Unread;
            var data = chunks.Read(bytes.Span, out var taken);
            if (data > 0)
                await WriteAsync(bytes[..data]).ConfigureAwait(false);
            connection.Consume(taken);
            if (chunks.IsAtTrailers)
                break;
            if (await ReceiveMoreAsync().ConfigureAwait(false) == 0)
                throw new IOException("The upstream closed the connection before the last chunk of the response.");
        }

        await ReadTrailersAsync().ConfigureAwait(false);
    }

    private async ValueTask CopyToEndAsync()
    {
        while (true)
        {
            var data = connection.Unread;
            if (!data.IsEmpty)
                await WriteAsync(data).ConfigureAwait(false);
            connection.Consume(data.Length);
            if (await ReceiveMoreAsync().ConfigureAwait(false) == 0)
                return;
        }
    }

    private async ValueTask ReadTrailersAsync()
    {
        var searched = 0;
        while (true)
        {
            var unread = connection.Unread;
            var end = unread.Span.StartsWith("\r\n"u8) ? 2 : FieldLines.FindEnd(unread.Span, ref searched);
            if ((end < 0 ? unread.Length : end) > Http1Exchange.LongestHead)
                throw new MalformedResponseException($"The trailer section of the response is longer than {Http1Exchange.LongestHead} bytes.");
            if (end >= 0)
            {
                PassTrailers(unread.Span[..end]);
                connection.Consume(end);
                return;
            }

            if (connection.IsFull)
                connection.Grow(Math.Min(connection.Capacity * 2, Http1Exchange.LongestHead + 1));
            if (await connection.ReceiveAsync().ConfigureAwait(false) == 0)
                throw new IOException("The upstream closed the connection within the trailer section of the response.");
        }
    }

    // Only HTTP/2 has a place for them: on HTTP/1.1 the client's connection is at its last chunk when they come.
    private void PassTrailers(Span<byte> section)
    {
        var fields = connection.Trailers;
        fields.Read(section, 0);
        if (fields.Count == 0 || context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is not { IsReadOnly: false } trailers)
            return;
        for (var i = 0; i < fields.Count; i++)
        {
            var name = fields.NameText(section, i);
            if (!HopByHop.Contains(name) && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                trailers.Append(name, fields.ValueText(section, i));
        }
    }

    private ValueTask WriteAsync(ReadOnlyMemory<byte> data) => PassAsync(context.Response.Body.WriteAsync(data, CancellationToken.None));

    private async ValueTask PassAsync(ValueTask writing)
    {
        IsWriting = true;
        // A client that takes its bytes at once needs no token to be saved from.
        if (writing.IsCompleted)
            await writing.ConfigureAwait(false);
        else
            await writing.AsTask().WaitAsync(connection.Broken).ConfigureAwait(false);
        IsWriting = false;
        connection.Touch();
    }

    private ValueTask<int> ReceiveMoreAsync()
    {
        // What fills the buffer is no small body.
        if (connection.IsFull)
            connection.Grow(LargeBuffer);
        return context.Response.HasStarted ? connection.ReceiveAsync() : TellHeadAndReceiveAsync();
    }

    // A stream may open long before it says anything, and the client waits for it to open.
    private async ValueTask<int> TellHeadAndReceiveAsync()
    {
        connection.StartReceive();
        if (!connection.IsSpent)
            await PassAsync(new ValueTask(context.Response.Body.FlushAsync(CancellationToken.None))).ConfigureAwait(false);
        return await connection.ReceiveAsync().ConfigureAwait(false);
    }
}
