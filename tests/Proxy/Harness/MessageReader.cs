using System.Globalization;
using System.Text;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>
/// Reads HTTP/1.1 messages and believes nothing: what two readers could understand in two ways is a fault
/// (<see cref="InvalidDataException"/>), so whatever passes here has one meaning.
/// </summary>
internal sealed class MessageReader(Stream stream)
{
    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private int _taken;

    // The next message, or null when the connection ended before it began. A response may have no body whatever its
    // headers say: by its status, which only the caller can tell. For requests there is nothing to tell: null.
    public async Task<RawMessage?> ReadAsync(Func<int, bool>? bodyless, CancellationToken cancellation)
    {
        _taken = 0;
        var startLine = "";
        List<(string Name, string Value)> headers = [];
        var body = new StringBuilder();
        try
        {
            startLine = await LineAsync(cancellation);
            await FieldsAsync(headers, cancellation);
            var message = new RawMessage(startLine, headers, "", IsWhole: true, 0);
            if (bodyless is null ? startLine.Split(' ') is not [_, _, "HTTP/1.1"] : !startLine.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
                throw new InvalidDataException($"'{startLine}' is no start line.");
            if (bodyless is null || !bodyless(message.Status))
                await BodyAsync(message, headers, body, isRequest: bodyless is null, cancellation);
            return message with { Body = body.ToString(), WireBytes = _taken };
        }
        catch (EndOfStreamException)
        {
            return _taken == 0 ? null : new RawMessage(startLine, headers, body.ToString(), IsWhole: false, _taken);
        }
    }

    private async Task BodyAsync(
        RawMessage message, List<(string Name, string Value)> headers, StringBuilder body, bool isRequest, CancellationToken cancellation)
    {
        var (lengths, codings) = (message.Values("Content-Length"), message.Values("Transfer-Encoding"));
        if (lengths.Length + codings.Length > 1)
            throw new InvalidDataException($"More than one length: {string.Join(", ", [.. lengths, .. codings])}.");
        if (codings is [var coding])
        {
            if (coding != "chunked")
                throw new InvalidDataException($"Transfer-Encoding is '{coding}'.");
            await ChunksAsync(headers, body, cancellation);
        }
        else if (lengths is [var length])
        {
            if (!long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
                throw new InvalidDataException($"Content-Length is '{length}'.");
            await BytesAsync(bytes, body, cancellation);
        }
        else if (!isRequest)
        {
            while (await FillAsync(cancellation))
                Take(long.MaxValue, body);
        }
    }

    private async Task ChunksAsync(List<(string Name, string Value)> headers, StringBuilder body, CancellationToken cancellation)
    {
        while (true)
        {
            var size = await LineAsync(cancellation);
            if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bytes) || bytes < 0)
                throw new InvalidDataException($"A chunk's size is '{size}'.");
            if (bytes == 0)
                break;
            await BytesAsync(bytes, body, cancellation);
            if (await LineAsync(cancellation) is { Length: > 0 } rest)
                throw new InvalidDataException($"'{rest}' follows a chunk.");
        }

        await FieldsAsync(headers, cancellation);
    }

    private async Task FieldsAsync(List<(string Name, string Value)> fields, CancellationToken cancellation)
    {
        while (await LineAsync(cancellation) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || line[..colon].Any(c => !char.IsAsciiLetterOrDigit(c) && !TokenMarks.Contains(c, StringComparison.Ordinal)))
                throw new InvalidDataException($"'{line}' is no header.");
            fields.Add((line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }
    }

    private async Task<string> LineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (true)
        {
            var next = (char)await NextAsync(cancellation);
            if (next == '\r' && await NextAsync(cancellation) == '\n')
                return line.ToString();
            if (next is '\r' or '\n' or '\0')
                throw new InvalidDataException($"A stray control character follows '{line}'.");
            line.Append(next);
        }
    }

    private async ValueTask<byte> NextAsync(CancellationToken cancellation)
    {
        if (_start == _end && !await FillAsync(cancellation))
            throw new EndOfStreamException();
        _taken++;
        return _buffer[_start++];
    }

    private async Task BytesAsync(long bytes, StringBuilder body, CancellationToken cancellation)
    {
        while (bytes > 0)
        {
            if (!await FillAsync(cancellation))
                throw new EndOfStreamException();
            bytes -= Take(bytes, body);
        }
    }

    private int Take(long atMost, StringBuilder body)
    {
        var count = (int)Math.Min(atMost, _end - _start);
        body.Append(Encoding.Latin1.GetString(_buffer, _start, count));
        (_start, _taken) = (_start + count, _taken + count);
        return count;
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start < _end)
            return true;
        try
        {
            (_start, _end) = (0, await stream.ReadAsync(_buffer, cancellation));
        }
        catch (IOException)
        {
            _end = 0;
        }

        return _end > 0;
    }
}
