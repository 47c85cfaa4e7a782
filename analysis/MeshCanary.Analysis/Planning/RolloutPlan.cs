using System.Collections.Immutable;

namespace MeshCanary.Analysis.Planning;

/// <summary>Weights and durations that the planner recommends.</summary>
public sealed record RolloutPlan
{
    /// <summary>The steps, weights rising.</summary>
    public required ImmutableArray<RecommendedStep> Steps { get; init; }

    /// <summary>Expected time from the first canary traffic to a Pass of a version as good as stable; null when the traffic is too little.</summary>
    public required TimeSpan? TimeToPass { get; init; }

    /// <summary>What stands in the way of a useful plan, in plain sentences; empty when nothing does.</summary>
    public required ImmutableArray<string> Warnings { get; init; }
}
