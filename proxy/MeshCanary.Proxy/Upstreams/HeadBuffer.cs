using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>Bytes of a message that is being written, in a rented array that grows. Disposed once. Not thread-safe.</summary>
internal sealed class HeadBuffer : IDisposable
{
    private const int First = 4096;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(First);

    public int Length { get; private set; }

    /// <summary>What is written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Writes bytes as they are.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Writes text, a byte per character.</summary>
    /// <exception cref="FormatException">The text has a line break or NUL, which would end the field that it is in.</exception>
    public void Write(string text)
    {
        if (text.AsSpan().ContainsAny('\r', '\n', '\0'))
            throw new FormatException("A header has a line break or NUL in it.");
        Length += Encoding.Latin1.GetBytes(text, Room(text.Length));
    }

    public void Write(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out var written);
        Length += written;
    }

    /// <summary>Writes one header line.</summary>
    public void Field(string name, string value)
    {
        Write(name);
        Write(": "u8);
        Write(value);
        Write("\r\n"u8);
    }

    /// <summary>So much room behind what is written; <see cref="Add"/> takes what was put there.</summary>
    public Memory<byte> RoomFor(int count)
    {
        _ = Room(count);
        return _bytes.AsMemory(Length);
    }

    public void Add(int count) => Length += count;

    /// <summary>Adds what was put behind what is written, and drops the first bytes, which are done with.</summary>
    public void Shift(int done, int added)
    {
        Length += added;
        _bytes.AsSpan(done, Length - done).CopyTo(_bytes);
        Length -= done;
    }

    /// <summary>Makes a chunk of the last bytes; of none, the last chunk.</summary>
    public void Chunk(int count)
    {
        if (count == 0)
        {
            Write("0\r\n\r\n"u8);
            return;
        }

        Span<byte> size = stackalloc byte[10];
        Utf8Formatter.TryFormat(count, size, out var digits, 'x');
        "\r\n"u8.CopyTo(size[digits..]);
        _ = Room(digits + 4);
        var data = _bytes.AsSpan(Length - count, count);
        data.CopyTo(_bytes.AsSpan(Length - count + digits + 2));
        size[..(digits + 2)].CopyTo(_bytes.AsSpan(Length - count));
        Length += digits + 2;
        Write("\r\n"u8);
    }

    /// <summary>Forgets what is written.</summary>
    public void Clear() => Length = 0;

    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = [];
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
            Grow(count);
        return _bytes.AsSpan(Length);
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + count));
        Written.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
