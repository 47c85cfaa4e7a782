using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MeshCanary.Analysis.Samples.Custom;

namespace MeshCanary.Analysis.Samples;

/// <summary>Exact counts of the arms for the same interval of time: the only thing the engine learns from.</summary>
public sealed record IntervalSample
{
    /// <summary>Start of the interval (UTC).</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>End of the interval (UTC), after <see cref="Start"/>.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>What the stable version served.</summary>
    public required ArmCounts Stable { get; init; }

    /// <summary>What the canary version served.</summary>
    public required ArmCounts Canary { get; init; }

    /// <summary>
    /// What the baseline arm of a three-way rollout served: the stable version in pods of the canary's number and age. The
    /// canary is then compared with it, and it with stable. Null in a two-way rollout.
    /// </summary>
    public ArmCounts? Baseline { get; init; }

    /// <summary>The split as drawn, by configured weight: what the sample-ratio test looks at.</summary>
    public required IReadOnlyList<DrawCounts> Draws { get; init; }

    /// <summary>Stable by endpoint; empty when the source does not know.</summary>
    public ImmutableArray<EndpointCounts> StableEndpoints { get; init; } = [];

    /// <summary>The canary by endpoint; empty when the source does not know.</summary>
    public ImmutableArray<EndpointCounts> CanaryEndpoints { get; init; } = [];

    /// <summary>The same interval counted by users; null when the source does not count them.</summary>
    public UserSample? Users { get; init; }

    /// <summary>Answers to custom metrics that came in since the interval before, each in the order of time; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<CustomReading>? Custom { get; init; }
}
