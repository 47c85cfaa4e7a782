using System.Text;
using CsCheck;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Proxy.Upstreams;

namespace MeshCanary.Proxy.Tests.Upstreams;

/// <summary>Whatever pieces the same bytes arrive in, they are the same message.</summary>
public sealed class SegmentationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly Gen<string> Body = Gen.Char["abc\r\n0;"].Array[0, 60].Select(text => new string(text));

    private static readonly Gen<string> Chunked =
        Gen.Select(Body.Where(text => text.Length > 0).Array[0, 6], Gen.Int[0, 2].Select(i => new[] { "", ";x", " ;x=\"y\"" }[i]), Gen.Int[0, 2].Select(i => new[] { "", "X-A: 1\r\n", "X-A: 1\r\nX-B: 2\r\n" }[i]))
            .Select((chunks, extension, trailers) =>
                string.Concat(chunks.Select(chunk => $"{chunk.Length:x}{extension}\r\n{chunk}\r\n")) + $"0{extension}\r\n{trailers}\r\n");

    [Fact]
    public void Chunks_InAnyPieces_AreTheSame() =>
        Gen.Select(Chunked, Gen.Int[1, 40].Array[1, 200]).Sample(
            (text, pieces) => Assert.Equal(Unchunk(text, [text.Length]), Unchunk(text, pieces)), iter: 3000);

    [Fact]
    public void HeadEnd_InAnyPieces_IsTheSame() =>
        Gen.Select(Gen.Char["a: \r\n"].Array[0, 80], Gen.Int[1, 10].Array[1, 100]).Sample(
            (text, pieces) =>
            {
                var bytes = Encoding.Latin1.GetBytes(text);
                var none = 0;
                var whole = FieldLines.FindEnd(bytes, ref none);
                var (searched, found) = (0, -1);
                foreach (var arrived in Arrivals(bytes.Length, pieces))
                {
                    found = FieldLines.FindEnd(bytes.AsSpan(0, arrived), ref searched);
                    if (found >= 0)
                        break;
                }

                Assert.Equal(whole, found);
            },
            iter: 3000);

    [Fact]
    public async Task Response_InAnyPieces_IsTheSame()
    {
        const string Answer =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-One: 1\r\nX-Folded: a\r\n b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nb;x=y\r\n world, hey\r\n0\r\nX-T: 1\r\n\r\n";
        await using var backend = new ScriptedBackend(Answer);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);
        using var client = new HttpClient { BaseAddress = host.Address };

        for (var cut = 1; cut < Answer.Length; cut++)
        {
            backend.Cuts = [cut, .. Enumerable.Range(cut + 1, Math.Min(3, Answer.Length - cut - 1))];
            Assert.Equal("hello world, hey", await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation));
        }

        Assert.InRange(backend.Connections, 1, 4);
    }

    [Theory]
    [InlineData(1_000_000, false)]
    [InlineData(1_000_000, true)]
    [InlineData(4097, false)]
    [InlineData(70_000, true)]
    public async Task Response_Large_ComesWhole(int length, bool chunked)
    {
        var body = string.Create(length, 0, (span, _) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = (char)('a' + (i % 23));
        });
        var framed = chunked
            ? "Transfer-Encoding: chunked\r\n\r\n" + string.Concat(body.Chunk(3001).Select(piece => $"{piece.Length:X}\r\n{new string(piece)}\r\n")) + "0\r\n\r\n"
            : $"Content-Length: {length}\r\n\r\n{body}";
        await using var backend = new ScriptedBackend("HTTP/1.1 200 OK\r\n" + framed);
        await using var host = await ForwardingHost.StartAsync(backend.Address, Cancellation);
        using var client = new HttpClient { BaseAddress = host.Address };

        Assert.Equal(body, await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation));
        Assert.Equal(body, await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancellation));

        await TestProxy.UntilAsync(() => host.Ends.Count == 2, "both have ended");
        Assert.InRange(backend.Connections, 1, 2);
    }

    private static IEnumerable<int> Arrivals(int length, int[] pieces)
    {
        var arrived = 0;
        for (var i = 0; arrived < length; i++)
        {
            arrived = Math.Min(length, arrived + pieces[i % pieces.Length]);
            yield return arrived;
        }
    }

    // As a connection does it: what was not taken stays in front of what comes next.
    private static string Unchunk(string text, int[] pieces)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var reader = new ChunkReader();
        var body = new StringBuilder();
        var taken = 0;
        foreach (var arrived in Arrivals(bytes.Length, pieces))
        {
            var unread = bytes.AsSpan(taken, arrived - taken);
            var data = reader.Read(unread, out var done);
            body.Append(Encoding.Latin1.GetString(unread[..data]));
            taken += done;
        }

        return $"{body}|{reader.IsAtTrailers}|{Encoding.Latin1.GetString(bytes.AsSpan(taken))}";
    }
}
