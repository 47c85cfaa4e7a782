using System.Globalization;

namespace MeshCanary.TestCluster.Load;

/// <summary>What became of all requests so far.</summary>
/// <param name="Samples">Every request, in no order.</param>
/// <param name="Repeated">
/// How often a connection that had served before was closed by the server as a request went out on it, without a byte
/// of an answer. As every HTTP client does, the request was sent once more on a new connection; it counts once.
/// </param>
public sealed record LoadReport(IReadOnlyList<LoadSample> Samples, int Repeated)
{
    /// <summary>The requests without a proper answer.</summary>
    public IEnumerable<LoadSample> Lost => Samples.Where(sample => sample.Outcome != LoadOutcome.Answered);

    /// <summary>The requests that got one.</summary>
    public int Answered => Samples.Count(sample => sample.Outcome == LoadOutcome.Answered);

    /// <summary>How many answers came from each version.</summary>
    public IReadOnlyDictionary<string, int> Versions => CountBy(sample => sample.Version);

    /// <summary>How many answers came from each pod.</summary>
    public IReadOnlyDictionary<string, int> Instances => CountBy(sample => sample.Instance);

    /// <summary>The part of it from a moment on.</summary>
    /// <param name="moment">The moment, from the start of the load on.</param>
    public LoadReport Since(TimeSpan moment) => this with { Samples = [.. Samples.Where(sample => sample.At >= moment)] };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Answered} answered ({Text(Versions)}; {Text(Instances)}), {Samples.Count - Answered} lost, {Repeated} repeated\n{string.Join('\n', Lost.OrderBy(sample => sample.At).Take(20))}");

    private Dictionary<string, int> CountBy(Func<LoadSample, string> key) =>
        Samples.Where(sample => sample.Outcome == LoadOutcome.Answered).GroupBy(key).ToDictionary(group => group.Key, group => group.Count());

    private static string Text(IReadOnlyDictionary<string, int> counts) =>
        string.Join(", ", counts.Select(pair => $"{pair.Key} {pair.Value}"));
}
