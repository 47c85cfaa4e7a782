using System.Collections.Immutable;

namespace MeshCanary.Testing.Load;

/// <summary>What became of every request so far. Immutable.</summary>
/// <param name="Sent">Requests begun; those neither answered nor lost are in flight.</param>
/// <param name="Lost">Requests that ended without a whole answer.</param>
/// <param name="Versions">Answers by <c>x-version</c>; those without it under <see cref="NoVersion"/>.</param>
/// <param name="LostReasons">Why the first few were lost.</param>
public sealed record LoadTotals(
    long Sent, long Lost, ImmutableDictionary<string, VersionCounts> Versions, ImmutableArray<string> LostReasons)
{
    /// <summary>The key of answers that no backend gave, such as a proxy's own 503.</summary>
    public const string NoVersion = "";

    /// <summary>Before the first request.</summary>
    public static LoadTotals None { get; } =
        new(0, 0, ImmutableDictionary.Create<string, VersionCounts>(StringComparer.Ordinal), []);

    /// <summary>All answers.</summary>
    public long Answered => Versions.Values.Sum(counts => counts.Answered);

    /// <summary>All answers with a status of 400 or more.</summary>
    public long Failed => Versions.Values.Sum(counts => counts.Failed);

    /// <summary>The answers of one version.</summary>
    public VersionCounts Of(string version) => Versions.GetValueOrDefault(version, VersionCounts.None);

    /// <summary>For messages.</summary>
    public override string ToString()
    {
        var versions = Versions.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{(pair.Key == NoVersion ? "(no version)" : pair.Key)}: {pair.Value.Succeeded} good, {pair.Value.Failed} failed");
        return string.Join("; ", [$"{Sent} sent, {Lost} lost", .. versions, .. LostReasons]);
    }
}
