using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics;

/// <summary>What is to be collected for a Canary: windows of a length, on a grid that begins at an instant.</summary>
internal sealed record CollectionPlan
{
    /// <summary>Tells one collection from the next: the run's id, or the length of a window while there is no run.</summary>
    public required string Id { get; init; }

    /// <summary>Start of the first window; what was served before is not collected.</summary>
    public required DateTimeOffset Anchor { get; init; }

    /// <summary>Length of a window.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>End of the last window that is stored already.</summary>
    public required DateTimeOffset CountedThrough { get; init; }

    /// <summary>
    /// Whether reports are kept by the proxies until the windows they belong to are stored. If not, the newest 30 windows
    /// wait to be settled, and are lost with the process.
    /// </summary>
    public required bool Held { get; init; }

    /// <summary>Whose requests they are; null for a source that knows by the key.</summary>
    public CountedCanary? Canary { get; init; }

    /// <summary>Boundaries in seconds that the latencies of this collection are counted at; empty while they are not settled, and for our own buckets.</summary>
    public ImmutableArray<double> LatencyBoundaries { get; init; } = [];

    /// <summary>Last report of each proxy instance that is stored already.</summary>
    public ImmutableDictionary<string, long> Folded { get; init; } = ImmutableDictionary<string, long>.Empty;
}
