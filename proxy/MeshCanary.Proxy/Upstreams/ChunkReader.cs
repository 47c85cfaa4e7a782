using System.Buffers.Text;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>
/// Takes the chunks off a body (RFC 9112, section 7.1), whatever pieces it arrives in. Strict: lines end with CRLF, sizes are
/// hexadecimal digits and nothing else. A mutable struct: kept in a field, never copied.
/// </summary>
internal struct ChunkReader
{
    // Extensions say nothing to a proxy; a line of them this long is no accident.
    private const int LongestLine = 4096;
    private const int MostDigits = 15;

    private State _state;
    private long _left;

    private enum State
    {
        Size,
        Data,
        DataEnd,
        Trailers,
    }

    /// <summary>Whether the last chunk was read: what follows are trailer fields, or an empty line.</summary>
    public readonly bool IsAtTrailers => _state == State.Trailers;

    /// <summary>Takes what it can and moves the data of all chunks together at the start of the bytes.</summary>
    /// <param name="bytes">What has arrived and was not taken before.</param>
    /// <param name="taken">How many bytes of it are done with.</param>
    /// <returns>How many bytes of data there are at the start.</returns>
    /// <exception cref="MalformedResponseException">These are no chunks.</exception>
    public int Read(Span<byte> bytes, out int taken)
    {
        var data = 0;
        taken = 0;
        while (_state != State.Trailers)
        {
            var rest = bytes[taken..];
            switch (_state)
            {
                case State.Size:
                    var end = rest.IndexOf((byte)'\n');
                    if (end > LongestLine || (end < 0 && rest.Length > LongestLine))
                        throw new MalformedResponseException("A chunk's size line is longer than 4096 bytes.");
                    if (end < 0)
                        return data;
                    _left = Size(rest[..end]);
                    taken += end + 1;
                    _state = _left == 0 ? State.Trailers : State.Data;
                    break;

                case State.Data:
                    var count = (int)Math.Min(rest.Length, _left);
                    rest[..count].CopyTo(bytes[data..]);
                    (data, taken, _left) = (data + count, taken + count, _left - count);
                    if (_left > 0)
                        return data;
                    _state = State.DataEnd;
                    break;

                case State.DataEnd:
                    if ((rest.Length > 0 && rest[0] != '\r') || (rest.Length > 1 && rest[1] != '\n'))
                        throw new MalformedResponseException("A chunk does not end where its size says.");
                    if (rest.Length < 2)
                        return data;
                    taken += 2;
                    _state = State.Size;
                    break;
            }
        }

        return data;
    }

    private static long Size(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[^1] != '\r')
            throw new MalformedResponseException("A chunk's size line does not end with CRLF.");
        line = line[..^1];
        if (line.Contains((byte)'\r'))
            throw new MalformedResponseException("A chunk's size line has a carriage return in it.");
        var extension = line.IndexOf((byte)';');
        var digits = extension < 0 ? line : line[..extension].TrimEnd(" \t"u8);
        if (digits.IsEmpty || digits.Length > MostDigits || !Utf8Parser.TryParse(digits, out long size, out var read, 'x') || read != digits.Length || digits[0] is (byte)'-' or (byte)'+')
            throw new MalformedResponseException("A chunk's size is not a hexadecimal number.");
        return size;
    }
}
