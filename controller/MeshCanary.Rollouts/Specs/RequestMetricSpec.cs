using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Specs;

/// <summary>A counter of finished requests.</summary>
public sealed record RequestMetricSpec
{
    /// <summary>Its name.</summary>
    public required string Metric { get; init; }

    /// <summary>Series that match any of these are failures.</summary>
    public ImmutableArray<LabelPatternSpec> Errors { get; init; } = [];

    /// <summary>Series that match any of these are not counted: requests that clients gave up.</summary>
    public ImmutableArray<LabelPatternSpec> Ignored { get; init; } = [];
}
