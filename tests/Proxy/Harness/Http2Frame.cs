using System.Buffers.Binary;
using System.Text;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>A frame of HTTP/2 on the wire (RFC 9113, 4.1); a payload is a character a byte.</summary>
internal sealed record Http2Frame(byte Type, byte Flags, int Stream, string Payload)
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte GoAway = 7;

    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    public const int HeadLength = 9;

    private static readonly string[] Types =
        ["DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE", "CONTINUATION"];

    /// <summary>The number of a type by its name in the RFC.</summary>
    public static byte TypeOf(string name) => Array.IndexOf(Types, name) is >= 0 and var type
        ? (byte)type
        : throw new InvalidDataException($"'{name}' is no type of frame.");

    /// <summary>Literal header fields without indexing and without Huffman's code (RFC 7541, 6.2.2).</summary>
    public static string Block(IEnumerable<(string Name, string Value)> fields) =>
        string.Concat(fields.Select(field => $"\0{Text(field.Name)}{Text(field.Value)}"));

    /// <summary>The status at the start of a response's block: from the static table, or with a literal value.</summary>
    public int Status() => Payload[0] switch
    {
        '\x88' => 200,
        '\x89' => 204,
        '\x8a' => 206,
        '\x8b' => 304,
        '\x8c' => 400,
        '\x8d' => 404,
        '\x8e' => 500,
        _ => int.Parse(Payload.AsSpan(2, 3), System.Globalization.CultureInfo.InvariantCulture),
    };

    public byte[] ToBytes()
    {
        var bytes = new byte[HeadLength + Payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Payload.Length << 8 | Type);
        bytes[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), Stream);
        Encoding.Latin1.GetBytes(Payload, bytes.AsSpan(HeadLength));
        return bytes;
    }

    private static string Text(string text) => Integer(text.Length) + text;

    // An integer with a prefix of seven bits (RFC 7541, 5.1).
    private static string Integer(int value)
    {
        if (value < 127)
            return $"{(char)value}";
        var text = new StringBuilder("\x7f");
        for (value -= 127; value >= 128; value >>= 7)
            text.Append((char)(value % 128 + 128));
        return text.Append((char)value).ToString();
    }
}
