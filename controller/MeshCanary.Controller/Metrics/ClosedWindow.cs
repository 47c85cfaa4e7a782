using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Controller.Metrics;

/// <summary>Counts of all proxies for one window, by revision. Immutable.</summary>
internal sealed record ClosedWindow
{
    /// <summary>Start of the window.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>End of the window.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>Served counts by revision.</summary>
    public required ImmutableDictionary<string, WindowArm> Revisions { get; init; }

    /// <summary>First visits of users by the revisions they were drawn between; only where somebody counts users.</summary>
    public required ImmutableDictionary<(string Stable, string Canary), UserSample> Users { get; init; }

    /// <summary>Draws by canary revision and weight.</summary>
    public required ImmutableDictionary<(string Revision, int Weight), WindowDraws> Draws { get; init; }

    /// <summary>Copies by the canary revision that got them; only where something is mirrored.</summary>
    public ImmutableDictionary<string, MirrorFigures> Mirrors { get; init; } = ImmutableDictionary<string, MirrorFigures>.Empty;

    /// <summary>Versions of the snapshots that were in force, ascending.</summary>
    public required ImmutableArray<long> ConfigVersions { get; init; }

    /// <summary>Last report of each proxy instance that is in the counts.</summary>
    public required ImmutableDictionary<string, long> Sequences { get; init; }

    /// <summary>What was asked for these counts, in the source's own language; empty where they were reported.</summary>
    public ImmutableArray<string> Queries { get; init; } = [];

    /// <summary>What a revision served, in all and by endpoint, in a run or without one; nothing when it is not there.</summary>
    public WindowArm Of(string revision) => Revisions.GetValueOrDefault(revision, WindowArm.None);

    /// <summary>The window as the judge takes it: counts of any third revision are left out.</summary>
    public IntervalSample Sample(string stable, string canary) => new()
    {
        Start = Start,
        End = End,
        Stable = Of(stable).Counts,
        Canary = Of(canary).Counts,
        StableEndpoints = Of(stable).Endpoints,
        CanaryEndpoints = Of(canary).Endpoints,
        Users = Users.GetValueOrDefault((stable, canary)),
        Draws = [.. Draws.Where(pair => pair.Key.Revision == canary).OrderBy(pair => pair.Key.Weight).Select(pair => pair.Value.Independent(pair.Key.Weight))],
    };
}
