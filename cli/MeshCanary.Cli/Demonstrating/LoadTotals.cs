using System.Collections.Immutable;

namespace MeshCanary.Cli.Demonstrating;

/// <summary>What the users of the demo saw so far.</summary>
internal sealed record LoadTotals
{
    private static readonly ImmutableSortedDictionary<string, long> Nothing = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Before the first request.</summary>
    public static LoadTotals None { get; } = new() { Requests = 0, Lost = 0, LostBy = Nothing, Answers = Nothing, Failures = Nothing };

    /// <summary>Finished requests.</summary>
    public required long Requests { get; init; }

    /// <summary>Requests that got no answer from the service: a broken connection, no answer in time, or an error of the proxy's own.</summary>
    public required long Lost { get; init; }

    /// <summary>Of them by kind, in plain words.</summary>
    public required ImmutableSortedDictionary<string, long> LostBy { get; init; }

    /// <summary>Answers by version.</summary>
    public required ImmutableSortedDictionary<string, long> Answers { get; init; }

    /// <summary>Of them failures of the service itself (HTTP 500), by version.</summary>
    public required ImmutableSortedDictionary<string, long> Failures { get; init; }

    /// <summary>Failures of all versions.</summary>
    public long AllFailures => Failures.Values.Sum();
}
