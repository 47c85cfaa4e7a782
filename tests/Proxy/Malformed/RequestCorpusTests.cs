using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Malformed;

/// <summary>What clients send over HTTP/1.1 that they should not: <c>Corpus/*.http</c>.</summary>
public sealed class RequestCorpusTests(CorpusStage stage) : IClassFixture<CorpusStage>
{
    private static readonly IReadOnlyDictionary<string, CorpusCase> Cases = CorpusFile.ReadAll("http");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Request_OfTheCorpus_FaresAsItSays(string name)
    {
        var entry = Cases[name];
        stage.Backend.Requests.Clear();
        stage.Backend.Faults.Clear();
        var (statuses, closed) = Outcome(entry.Then);
        using var connection = await RawConnection.OpenAsync(stage.Proxy, Cancellation);

        await connection.SendAsync(entry.Bytes, Cancellation);
        if (entry.Ends)
            connection.End();
        foreach (var status in statuses)
            await ExpectAsync(connection, status, toHead: entry.Bytes.StartsWith("HEAD ", StringComparison.Ordinal));
        if (!closed)
            await ExpectOneMoreAsync(connection);
        Assert.Null(await connection.AnswerAsync(Cancellation));

        await stage.ServesAsync("/good/other", Cancellation);
        await stage.SawAsync(entry, good: closed ? 1 : 2);
    }

    private static (string[] Statuses, bool Closed) Outcome(string then)
    {
        var words = then.Split(' ');
        return (words[..^1], words[^1] switch
        {
            "closed" => true,
            "open" => false,
            _ => throw new InvalidDataException($"'{then}' must end with 'open' or 'closed'."),
        });
    }

    // An answer that a proxy gives while bytes are still on their way may be lost with the connection: "431?".
    private async Task ExpectAsync(RawConnection connection, string status, bool toHead)
    {
        var answer = await connection.AnswerAsync(Cancellation, toHead);
        if (answer is null && status.EndsWith('?'))
            return;
        Assert.NotNull(answer);
        Assert.True(answer.IsWhole);
        if (status.TrimEnd('?') != $"{answer.Status}")
            Assert.Fail($"{status} is expected, and there came:\n{answer}\nThe upstream saw:\n{string.Join("\n", stage.Backend.Requests)}");
    }

    // Were the two ends of the proxy of two minds about where the request ended, this would be answered wrongly.
    private static async Task ExpectOneMoreAsync(RawConnection connection)
    {
        await connection.SendAsync("GET /good/next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", Cancellation);
        var answer = await connection.AnswerAsync(Cancellation);
        Assert.Equal((200, "/good/next"), (answer?.Status, answer?.Body));
    }
}
