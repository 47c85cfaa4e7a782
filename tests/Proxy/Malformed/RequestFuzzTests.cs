using CsCheck;
using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Malformed;

/// <summary>The corpus with bytes changed, taken out, doubled or joined, and sent in pieces.</summary>
public sealed class RequestFuzzTests(CorpusStage stage) : IClassFixture<CorpusStage>
{
    // Bytes that mean something to a reader of HTTP.
    private const string Marks = "\r\n\0 \t:;,/%0aZ-+\u00ff";

    private static readonly string[] Seeds =
        [.. CorpusFile.ReadAll("http").Values.Select(entry => entry.Bytes).Where(bytes => bytes.Length < 2000).Order(StringComparer.Ordinal)];

    private static readonly Gen<(int Kind, double Place, int Length, int Mark)> Change =
        Gen.Select(Gen.Int[0, 4], Gen.Double[0, 0.999], Gen.Int[1, 12], Gen.Int[0, Marks.Length - 1]);

    private static readonly Gen<(string Bytes, double Cut)> Mutants = Gen.Select(
        Gen.Int[0, Seeds.Length - 1], Gen.Int[0, Seeds.Length - 1], Change.Array[1, 4], Gen.Double[0, 1],
        (one, other, changes, cut) => (changes.Aggregate(Seeds[one], (bytes, change) => Apply(bytes, Seeds[other], change)), cut));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mutants_OfTheCorpus_NeverConfuseTheTwoSides()
    {
        await Mutants.SampleAsync(SendAsync, seed: "0N0XIzNsQ0O2", iter: 400, threads: 1);

        await stage.ServesAsync("/good/after", Cancellation);
    }

    private static string Apply(string bytes, string other, (int Kind, double Place, int Length, int Mark) change)
    {
        var place = (int)(bytes.Length * change.Place);
        var end = Math.Min(bytes.Length, place + change.Length);
        return change.Kind switch
        {
            0 => bytes[..place] + Marks[change.Mark] + bytes[place..],
            1 => bytes[..place] + bytes[end..],
            2 => bytes[..end] + bytes[place..],
            3 when place < bytes.Length => bytes[..place] + Marks[change.Mark] + bytes[(place + 1)..],
            _ => bytes[..place] + other,
        };
    }

    private async Task SendAsync((string Bytes, double Cut) mutant)
    {
        stage.Backend.Requests.Clear();
        using var connection = await RawConnection.OpenAsync(stage.Proxy, Cancellation);
        var cut = (int)(mutant.Bytes.Length * mutant.Cut);
        await connection.SendAsync(mutant.Bytes[..cut], Cancellation);
        await connection.SendAsync(mutant.Bytes[cut..], Cancellation);
        connection.End();

        // Strictly read: an answer that is not well-formed throws.
        List<string> served = [];
        var answers = 0;
        while (await connection.AnswerAsync(Cancellation) is { Status: >= 200 } answer)
        {
            answers++;
            if (answer is { Status: 200, IsWhole: true })
                served.Add(answer.Body);
        }

        // Each answer is that of the request in its place, and nothing more reached the upstream than was asked for; a
        // request whose client had gone by then may be without an answer.
        Assert.Empty(stage.Backend.Faults);
        var reached = stage.Backend.Requests.Where(request => request.IsWhole).Select(request => request.Target).ToList();
        Assert.Equal(reached.Take(served.Count), served);
        Assert.True(reached.Count <= answers + 1, $"{reached.Count} requests for {answers} answers");
    }
}
