using System.Collections.Immutable;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Workloads;

/// <summary>What is seen of a Canary's workload at one moment.</summary>
internal sealed record WorkloadSight
{
    /// <summary>Ready endpoints by revision name; a revision that was not looked at yet is absent.</summary>
    public required ImmutableDictionary<string, int> Ready { get; init; }

    /// <summary>Addresses that requests of a revision go to now, by its name; null where a revision names its own.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>>? Addresses { get; init; }

    /// <summary>The revision that should run, where the workload itself says so; null where it is announced.</summary>
    public Revision? Target { get; init; }

    /// <summary>What decisions rest on where the workload runs its revisions by itself; null where versions are given as addresses.</summary>
    public WorkloadObservation? Observation { get; init; }

    /// <summary>By what others tell the pods of revisions, by name of the revision; empty where versions are given as addresses.</summary>
    public ImmutableDictionary<string, RevisionPods> Pods { get; init; } = ImmutableDictionary<string, RevisionPods>.Empty;

    /// <summary>
    /// A regular expression for a revision's pods; where there are none, for its instances as <c>host:port</c>. It holds no quotes and
    /// no backslashes. One that matches nothing while nothing is known.
    /// </summary>
    public string PodRegexOf(Revision revision) => Addresses is null
        ? Either(revision.Addresses.Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Authority : address).Select(Plain))
        : Either(Pods.TryGetValue(revision.Name, out var pods) ? pods.ReplicaSets.Select(name => $"{Plain(name)}-[a-z0-9]+") : []);

    private static string Either(IEnumerable<string> patterns) => string.Join('|', patterns) is { Length: > 0 } any ? $"({any})" : "none-of-this-revision";

    // A class of one letter needs no backslash, which would have to be doubled inside the quotes of most query languages.
    private static string Plain(string text) =>
        string.Concat(text.Where(letter => char.IsAsciiLetterOrDigit(letter) || "-_.:[]".Contains(letter, StringComparison.Ordinal)).Select(letter => letter switch { '.' => "[.]", '[' or ']' => ".", _ => letter.ToString() }));

    /// <summary>Where requests of a revision go.</summary>
    public ImmutableArray<string> AddressesOf(Revision revision) =>
        Addresses is null ? revision.Addresses : Addresses.GetValueOrDefault(revision.Name, []);
}
