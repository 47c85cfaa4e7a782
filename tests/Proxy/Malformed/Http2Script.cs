using System.Globalization;
using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Malformed;

/// <summary>Makes frames of the lines of a case in <c>*.h2</c>.</summary>
internal sealed class Http2Script
{
    private int _stream = -1;

    public byte[] Bytes(CorpusCase entry) => [.. entry.Lines.SelectMany(line => Frames(line[1..].Trim(' ')))];

    private IEnumerable<byte> Frames(string line)
    {
        var parts = line.Split(' ', 3);
        var times = parts is [_, "x", _] ? int.Parse(parts[0], CultureInfo.InvariantCulture) : 1;
        var frames = (times == 1 ? line : parts[2]).Split(" & ");
        return Enumerable.Range(0, times).SelectMany(_ => frames).SelectMany(frame => Frame(frame).ToBytes());
    }

    private Http2Frame Frame(string text)
    {
        var parts = text.Split(' ', 4);
        var type = Http2Frame.TypeOf(parts[0]);
        var payload = parts.Length == 4 ? parts[3] : "";
        return new Http2Frame(type, Flags(parts[2]), Stream(parts[1]), parts[0] switch
        {
            "HEADERS" or "CONTINUATION" => Http2Frame.Block(payload.Length == 0 ? [] : payload.Split(" | ").Select(Field)),
            "DATA" => Escapes.Resolve(payload),
            _ => string.Concat(Convert.FromHexString(payload).Select(b => (char)b)),
        });
    }

    private int Stream(string text) => text switch
    {
        "+" => _stream += 2,
        "." => _stream,
        _ => int.Parse(text, CultureInfo.InvariantCulture),
    };

    private static (string Name, string Value) Field(string text)
    {
        var colon = text.IndexOf(':', 1);
        return (Escapes.Resolve(text[..colon]), Escapes.Resolve(text[(colon + 1)..].Trim(' ')));
    }

    private static byte Flags(string text) => (byte)text.Split(',').Sum(flag => flag switch
    {
        "end_stream" or "ack" => 1,
        "end_headers" => 4,
        "padded" => 8,
        "priority" => 32,
        "-" => 0,
        _ => throw new InvalidDataException($"'{flag}' is no flag of a frame."),
    });
}
