using System.Buffers;
using System.Text;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>
/// The field lines of a head or a trailer section, as places in the bytes that they were read from (RFC 9112, section 5).
/// Reused from message to message, and with it the texts: the fields of one upstream are mostly the same ones in the same
/// order. Not thread-safe.
/// </summary>
internal sealed class FieldLines
{
    // Longer texts, and those of later lines, are made anew each time.
    private const int LongestKept = 128;
    private const int MostKept = 32;

    private static readonly SearchValues<byte> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> Control = SearchValues.Create([.. Enumerable.Range(0, 32).Append(127).Where(b => b != '\t').Select(b => (byte)b)]);

    private readonly string?[] _names = new string?[MostKept];
    private readonly string?[] _values = new string?[MostKept];
    private Place[] _places = new Place[16];

    public int Count { get; private set; }

    /// <summary>Finds the end of the lines: behind the first empty one.</summary>
    /// <param name="bytes">What has arrived.</param>
    /// <param name="searched">Where to look from; moves on, so that no byte is looked at again and again.</param>
    /// <returns>The length up to there, or -1 when it has not arrived.</returns>
    public static int FindEnd(ReadOnlySpan<byte> bytes, ref int searched)
    {
        while (true)
        {
            var line = bytes[searched..].IndexOf((byte)'\n');
            if (line < 0)
            {
                searched = bytes.Length;
                return -1;
            }

            line += searched;
            // Stays before the line's end until what follows it is known.
            searched = line;
            var next = bytes[(line + 1)..];
            if (next.Length > 0 && next[0] == '\n')
                return line + 2;
            if (next.Length > 1 && next[0] == '\r' && next[1] == '\n')
                return line + 3;
            if (next.Length == 0 || (next.Length == 1 && next[0] == '\r'))
                return -1;
            searched = line + 1;
        }
    }

    /// <summary>Reads the lines up to and with the empty one.</summary>
    /// <param name="bytes">The whole message; the line breaks of folded fields in it become spaces.</param>
    /// <param name="start">Where the first line begins.</param>
    /// <exception cref="MalformedResponseException">A line is none.</exception>
    public void Read(Span<byte> bytes, int start)
    {
        Count = 0;
        while (true)
        {
            var end = Unfold(bytes, start);
            var length = end - start;
            if (length > 0 && bytes[end - 1] == '\r')
                length--;
            if (length == 0)
                return;
            Add(bytes, start, length);
            start = end + 1;
        }
    }

    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> bytes, int index) => bytes.Slice(_places[index].Name, _places[index].NameLength);

    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> bytes, int index) => bytes.Slice(_places[index].Value, _places[index].ValueLength);

    /// <summary>The name as text, a character per byte.</summary>
    public string NameText(ReadOnlySpan<byte> bytes, int index) => Text(_names, index, Name(bytes, index));

    /// <summary>The value as text, a character per byte.</summary>
    public string ValueText(ReadOnlySpan<byte> bytes, int index) => Text(_values, index, Value(bytes, index));

    private static string Text(string?[] kept, int index, ReadOnlySpan<byte> bytes)
    {
        if (index >= MostKept || bytes.Length > LongestKept)
            return Encoding.Latin1.GetString(bytes);
        return kept[index] is { } known && Ascii.Equals(bytes, known) ? known : kept[index] = Encoding.Latin1.GetString(bytes);
    }

    // A line that begins with a blank belongs to the one before it (RFC 9112, section 5.2).
    private static int Unfold(Span<byte> bytes, int start)
    {
        var end = start;
        while (true)
        {
            var line = bytes[end..].IndexOf((byte)'\n');
            if (line < 0)
                throw new MalformedResponseException("The head ends within a line.");
            end += line;
            if (end <= start + 1 || end + 1 >= bytes.Length || bytes[end + 1] is not ((byte)' ' or (byte)'\t'))
                return end;
            bytes[end] = (byte)' ';
            if (bytes[end - 1] == '\r')
                bytes[end - 1] = (byte)' ';
        }
    }

    private void Add(ReadOnlySpan<byte> bytes, int start, int length)
    {
        var line = bytes.Slice(start, length);
        var colon = line.IndexOf((byte)':');
        if (colon < 1)
            throw new MalformedResponseException("A header line has no name.");
        // Blanks before the colon are what smuggling is made of; a proxy takes them off (RFC 9112, section 5.1).
        var name = line[..colon].TrimEnd(" \t"u8);
        if (name.IsEmpty || name.ContainsAnyExcept(Token))
            throw new MalformedResponseException("A header has a name that is none.");

        var value = line[(colon + 1)..];
        var blanks = value.Length - value.TrimStart(" \t"u8).Length;
        value = value.Trim(" \t"u8);
        if (value.ContainsAny(Control))
            throw new MalformedResponseException("A header has a control character in its value.");

        if (Count == _places.Length)
            Array.Resize(ref _places, Count * 2);
        _places[Count++] = new Place(start, name.Length, start + colon + 1 + blanks, value.Length);
    }

    private readonly record struct Place(int Name, int NameLength, int Value, int ValueLength);
}
