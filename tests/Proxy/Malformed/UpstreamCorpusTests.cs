using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Malformed;

/// <summary>What upstreams answer that they should not: <c>Corpus/*.upstream</c>.</summary>
public sealed class UpstreamCorpusTests
{
    private const string Bad = "/bad";

    private static readonly IReadOnlyDictionary<string, CorpusCase> Cases = CorpusFile.ReadAll("upstream");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Answer_OfTheCorpus_HarmsNobodyElse(string name)
    {
        var entry = Cases[name];
        var place = entry.Then.LastIndexOf(' ');
        var (answers, connections) = (entry.Then[..place].Split(" | "), entry.Then[(place + 1)..]);
        await using var backend = new StrictBackend(request =>
            request.Target == Bad ? entry.Bytes + (entry.Ends ? "Connection: close" : "") : StrictBackend.Echo(request));
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync($"GET {Bad} HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        var answer = await connection.AnswerAsync(Cancellation);

        Assert.Contains(Text(answer), answers);
        // Whoever comes next gets what is theirs.
        for (var i = 0; i < 3; i++)
        {
            using var response = await proxy.Client.GetAsync($"/good/{i}", Cancellation);
            Assert.Equal($"/good/{i}", await response.Content.ReadAsStringAsync(Cancellation));
        }

        if (connections != "either")
            Assert.Equal(connections == "kept" ? 1 : 2, backend.Accepted);
        Assert.Empty(backend.Faults);
    }

    private static string Text(RawMessage? answer) => answer switch
    {
        null => "nothing",
        { IsWhole: false, StartLine: "" } => "nothing",
        { IsWhole: false } => $"{answer.Status} cut off",
        { Status: 502 or 504 } => $"{answer.Status}",
        _ => answer.Body.Length == 0 ? $"{answer.Status}" : $"{answer.Status} {answer.Body}",
    };
}
