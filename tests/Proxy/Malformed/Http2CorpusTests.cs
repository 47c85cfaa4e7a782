using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Proxy.Tests.Malformed;

/// <summary>What clients send over HTTP/2 that they should not: <c>Corpus/*.h2</c>.</summary>
public sealed class Http2CorpusTests(CorpusStage stage) : IClassFixture<CorpusStage>
{
    // Far beyond the streams of any case.
    private const int LastStream = 1_000_001;

    private static readonly IReadOnlyDictionary<string, CorpusCase> Cases = CorpusFile.ReadAll("h2");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Frames_OfTheCorpus_FareAsItSays(string name)
    {
        stage.Backend.Requests.Clear();
        stage.Backend.Faults.Clear();
        var entry = Cases[name];
        var allowed = entry.Then.Split(" | ");
        await using var connection = await RawHttp2Connection.OpenAsync(stage.Proxy, Cancellation);

        await connection.SendAsync(new Http2Script().Bytes(entry), Cancellation);
        await Eventually.TrueAsync(
            () => connection.IsClosed || allowed.Any(outcome => Holds(connection, outcome)), TestProxy.Deadline, $"'{entry.Then}' happens",
            () => $"the connection: {connection.Outcome(0)}, stream 1: {connection.Outcome(1)}, upstream: {string.Join("; ", stage.Backend.Requests)}", Cancellation);
        var closed = !allowed.Any(outcome => outcome != "goaway" && Holds(connection, outcome));
        if (closed)
        {
            Assert.Contains("goaway", allowed);
            await TestProxy.UntilAsync(() => connection.IsClosed, "the connection is closed");
        }
        else
        {
            await ExpectOneMoreAsync(connection);
        }

        await stage.ServesAsync("/good/other", Cancellation);
        await stage.SawAsync(entry, good: closed ? 1 : 2);
    }

    private static bool Holds(RawHttp2Connection connection, string outcome) =>
        outcome == "goaway" ? connection.Outcome(0) == "goaway" : outcome.Split(' ').All(part =>
        {
            var (stream, what) = (part.Split(':')[0], part.Split(':')[1]);
            return connection.Outcome(int.Parse(stream, System.Globalization.CultureInfo.InvariantCulture)) == what;
        });

    private static async Task ExpectOneMoreAsync(RawHttp2Connection connection)
    {
        var block = Http2Frame.Block([(":method", "GET"), (":scheme", "http"), (":authority", "x"), (":path", "/good/next")]);
        var frame = new Http2Frame(Http2Frame.Headers, Http2Frame.EndStream | Http2Frame.EndHeaders, LastStream, block);
        await connection.SendAsync(frame.ToBytes(), Cancellation);
        await TestProxy.UntilAsync(() => connection.Body(LastStream) == "/good/next", "the connection serves on");
        Assert.Equal("200", connection.Outcome(LastStream));
    }
}
