using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics;

/// <summary>What a metric source has for a Canary.</summary>
internal sealed record MetricReading
{
    /// <summary>Finished windows that are not settled yet, in order.</summary>
    public required ImmutableArray<ClosedWindow> Windows { get; init; }

    /// <summary>Why there is no data, in plain words; null when the source works.</summary>
    public string? Problem { get; init; }

    /// <summary>Boundaries in seconds at which its latency counts are exact; empty for our own buckets.</summary>
    public ImmutableArray<double> LatencyBoundaries { get; init; } = [];

    /// <summary>When to ask again even if the source says nothing; null for never.</summary>
    public DateTimeOffset? AskAgainAt { get; init; }

    /// <summary>What each proxy instance last said of the Canary's route, beside its counts.</summary>
    public ImmutableDictionary<string, ProxyStanding> Standings { get; init; } = ImmutableDictionary<string, ProxyStanding>.Empty;

    /// <summary>Last report received of each proxy instance, stored or not.</summary>
    public required ImmutableDictionary<string, long> Received { get; init; }
}
