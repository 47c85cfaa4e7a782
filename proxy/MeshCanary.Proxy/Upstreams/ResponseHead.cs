using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>
/// Status line and fields of one response, and what they say of its body. Strict where two readers could see two different
/// ends: what is not sure is refused, and nothing follows it on its connection. Reused; not thread-safe.
/// </summary>
internal sealed class ResponseHead
{
    // HTTP/1.1 200
    private const int ShortestStatusLine = 12;
    private const int NoLength = -1;

    private readonly FieldLines _fields = new();
    private bool _isHttp10;
    private int _connection;
    private bool _hasCoding;
    private int _reason;
    private int _reasonLength;

    private static ReadOnlySpan<byte> Version => "HTTP/1."u8;

    public int Status { get; private set; }

    public bool IsInterim => Status is >= 100 and < 200;

    public BodyFraming Framing { get; private set; }

    /// <summary>Bytes of the body where the framing is by length; what the field says where there is no body; -1 for none.</summary>
    public long Length { get; private set; }

    /// <summary>Whether another request may follow on the connection.</summary>
    public bool KeepsConnection { get; private set; }

    /// <summary>Whether a head may begin with these bytes, of which more may come.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> bytes) => Version.StartsWith(bytes[..Math.Min(bytes.Length, Version.Length)]);

    /// <summary>Reads a whole head.</summary>
    /// <param name="head">From the status line to the empty line.</param>
    /// <param name="toHead">Whether the request was a HEAD.</param>
    /// <exception cref="MalformedResponseException">It is none, or its end cannot be told.</exception>
    public void Read(Span<byte> head, bool toHead)
    {
        _fields.Read(head, ReadStatusLine(head));
        ReadFields(head);
        Frame(toHead);
    }

    /// <summary>Gives status, reason and fields to the client.</summary>
    /// <param name="context">The client's.</param>
    /// <param name="head">What was read.</param>
    public void CopyTo(HttpContext context, ReadOnlySpan<byte> head)
    {
        var response = context.Response;
        response.StatusCode = Status;
        CopyReason(context, head);
        var headers = response.Headers;
        // Framing by chunks outdoes a length, and a response without a body beside 304 and HEAD has none to tell.
        if (Length >= 0 && !_hasCoding && (Framing == BodyFraming.Length || Status != StatusCodes.Status204NoContent))
            headers.ContentLength = Length;
        for (var i = 0; i < _fields.Count; i++)
        {
            var name = _fields.NameText(head, i);
            if (!IsOwn(name) && !HopByHop.Contains(name) && !IsListed(head, i))
                headers.Append(name, _fields.ValueText(head, i));
        }
    }

    private static bool IsOwn(string name) => name.Length == 14 && name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase);

    // Only a Connection that says more than the usual two words names other fields.
    private bool IsListed(ReadOnlySpan<byte> head, int index)
    {
        if (_connection < 0)
            return false;
        for (var i = _connection; i < _fields.Count; i++)
        {
            if (Is(_fields.Name(head, i), "Connection"u8) && HopByHop.Lists(_fields.Value(head, i), _fields.Name(head, index)))
                return true;
        }

        return false;
    }

    private int ReadStatusLine(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf((byte)'\n');
        var line = head[..Math.Max(end, 0)].TrimEnd((byte)'\r');
        if (line.Length < ShortestStatusLine || !line.StartsWith(Version) || !char.IsAsciiDigit((char)line[7]) || line[8] != ' '
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var digits) || digits != 3 || status < 100
            || (line.Length > ShortestStatusLine && line[ShortestStatusLine] != ' '))
            throw new MalformedResponseException("The answer does not begin with a status line of HTTP/1.1.");

        _isHttp10 = line[7] == '0';
        Status = status;
        _reason = Math.Min(ShortestStatusLine + 1, line.Length);
        _reasonLength = line.Length - _reason;
        foreach (var one in line[_reason..])
        {
            if (one is < 32 and not (byte)'\t' or 127)
                throw new MalformedResponseException("The status line has a control character in it.");
        }

        return end + 1;
    }

    private void ReadFields(ReadOnlySpan<byte> head)
    {
        (Length, _hasCoding, _connection) = (NoLength, false, -1);
        bool close = false, keep = false;
        for (var i = 0; i < _fields.Count; i++)
        {
            var name = _fields.Name(head, i);
            switch (name.Length)
            {
                case 14 when Is(name, "Content-Length"u8):
                    ReadLength(_fields.Value(head, i));
                    break;
                case 17 when Is(name, "Transfer-Encoding"u8):
                    ReadCoding(_fields.Value(head, i));
                    break;
                case 10 when Is(name, "Connection"u8):
                    var options = _fields.Value(head, i);
                    close |= HopByHop.Lists(options, "close"u8);
                    keep |= HopByHop.Lists(options, "keep-alive"u8);
                    if (_connection < 0 && !Is(options, "close"u8) && !Is(options, "keep-alive"u8))
                        _connection = i;
                    break;
            }
        }

        KeepsConnection = !close && (keep || !_isHttp10);
    }

    private void ReadLength(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(value, out long length, out var digits) || digits != value.Length)
            throw new MalformedResponseException("Content-Length is not a number.");
        if (Length != NoLength && Length != length)
            throw new MalformedResponseException("There are several Content-Length that differ.");
        Length = length;
    }

    private void ReadCoding(ReadOnlySpan<byte> value)
    {
        if (_hasCoding || !Is(value, "chunked"u8))
            throw new MalformedResponseException("Transfer-Encoding is not just 'chunked'.");
        _hasCoding = true;
    }

    private void Frame(bool toHead)
    {
        if (IsInterim || Status == StatusCodes.Status204NoContent)
        {
            Framing = BodyFraming.None;
            // A body that may not be there may still be sent.
            KeepsConnection &= !_hasCoding && Length <= 0;
        }
        else if (toHead || Status == StatusCodes.Status304NotModified)
        {
            Framing = BodyFraming.None;
        }
        else if (_hasCoding)
        {
            Framing = BodyFraming.Chunked;
            // With a length beside it, or from where chunks are not known, the next reader may see another end.
            KeepsConnection &= Length == NoLength && !_isHttp10;
        }
        else if (Length != NoLength)
        {
            Framing = BodyFraming.Length;
        }
        else
        {
            Framing = BodyFraming.Connection;
            KeepsConnection = false;
        }
    }

    private void CopyReason(HttpContext context, ReadOnlySpan<byte> head)
    {
        if (_reasonLength == 0 || !HttpProtocol.IsHttp11(context.Request.Protocol))
            return;
        var reason = head.Slice(_reason, _reasonLength);
        if (!Ascii.Equals(reason, ReasonPhrases.GetReasonPhrase(Status)))
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = Encoding.Latin1.GetString(reason);
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> expected) => Ascii.EqualsIgnoreCase(text, expected);
}
