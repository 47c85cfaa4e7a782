using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>One request over a <see cref="FakeQuicConnection"/>, in the frames of RFC 9114 and the plainest fields of RFC 9204.</summary>
internal sealed class Http3Exchange(FakeQuicConnection connection)
{
    private const int DataFrame = 0;
    private const int HeadersFrame = 1;

    // The entries of the static table that hold a status, from 24 and from 63.
    private static readonly string[] Early = ["103", "200", "304", "404", "503"];
    private static readonly string[] Late = ["100", "204", "206", "302", "400", "403", "421", "425", "500"];

    private readonly IDuplexPipe _stream = connection.Open();

    /// <summary>Sends the head of a request.</summary>
    public Task BeginAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        var section = new ArrayBufferWriter<byte>();
        section.Write<byte>([0, 0]);
        foreach (var (name, value) in ((string, string)[])[(":method", method), (":scheme", "https"), (":path", path), (":authority", "a.example"), .. headers])
        {
            Number(section, 0x20, 3, name.Length);
            section.Write(Encoding.ASCII.GetBytes(name));
            Number(section, 0, 7, value.Length);
            section.Write(Encoding.ASCII.GetBytes(value));
        }

        return FrameAsync(HeadersFrame, section.WrittenMemory);
    }

    /// <summary>Sends a piece of the body.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> body) => FrameAsync(DataFrame, body);

    /// <summary>Ends the request and reads the answer: fields, before the body and after it, and the body.</summary>
    public async Task<(Dictionary<string, string> Fields, byte[] Body)> EndAsync(CancellationToken cancellation)
    {
        await _stream.Output.CompleteAsync();
        using var all = new MemoryStream();
        await _stream.Input.CopyToAsync(all, cancellation);
        var (fields, body) = (new Dictionary<string, string>(), new List<byte>());
        var rest = all.ToArray().AsSpan();
        while (!rest.IsEmpty)
        {
            var type = Take(ref rest);
            var content = rest[..Take(ref rest)];
            rest = rest[content.Length..];
            if (type == DataFrame)
                body.AddRange(content);
            else if (type == HeadersFrame)
                Read(content[2..], fields);
        }

        return (fields, [.. body]);
    }

    private static void Read(ReadOnlySpan<byte> section, Dictionary<string, string> fields)
    {
        while (!section.IsEmpty)
        {
            var first = section[0];
            if ((first & 0x80) != 0)
            {
                var entry = Number(ref section, 6);
                fields[entry is (>= 24 and < 29) or (>= 63 and < 72) ? ":status" : $"#{entry}"] = entry switch { >= 24 and < 29 => Early[entry - 24], >= 63 and < 72 => Late[entry - 63], _ => "" };
                continue;
            }

            var name = (first & 0x40) != 0 ? $"#{Number(ref section, 4)}" : Text(ref section, 3);
            fields[name] = Text(ref section, 7);
        }
    }

    private static string Text(ref ReadOnlySpan<byte> section, int bits)
    {
        var length = Number(ref section, bits);
        var text = Encoding.ASCII.GetString(section[..length]);
        section = section[length..];
        return text;
    }

    private static int Number(ref ReadOnlySpan<byte> section, int bits)
    {
        var most = (1 << bits) - 1;
        var number = section[0] & most;
        section = section[1..];
        for (var shift = 0; number >= most; shift += 7)
        {
            var next = section[0];
            section = section[1..];
            number += (next & 0x7f) << shift;
            if (next < 0x80)
                break;
        }

        return number;
    }

    private static void Number(ArrayBufferWriter<byte> section, byte flags, int bits, int number)
    {
        var most = (1 << bits) - 1;
        if (number < most)
        {
            section.Write([(byte)(flags | number)]);
            return;
        }

        section.Write([(byte)(flags | most)]);
        for (number -= most; number >= 0x80; number >>= 7)
            section.Write([(byte)(number & 0x7f | 0x80)]);
        section.Write([(byte)number]);
    }

    // A number of RFC 9000, 16: its first two bits are its length.
    private static int Take(ref Span<byte> rest)
    {
        var length = 1 << (rest[0] >> 6);
        var number = rest[0] & 0x3f;
        for (var i = 1; i < length; i++)
            number = (number << 8) | rest[i];
        rest = rest[length..];
        return number;
    }

    private async Task FrameAsync(byte type, ReadOnlyMemory<byte> content)
    {
        _stream.Output.Write([type, (byte)(0x80 | (content.Length >> 24)), (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length]);
        await _stream.Output.WriteAsync(content);
    }
}
