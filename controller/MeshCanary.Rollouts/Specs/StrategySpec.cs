using System.Collections.Immutable;
using MeshCanary.Splitting.Rules;

namespace MeshCanary.Rollouts.Specs;

/// <summary>How a new version is exposed, step by step.</summary>
public sealed record StrategySpec
{
    /// <summary>Name of the strategy; <c>canary</c> walks the steps.</summary>
    public string Type { get; init; } = "canary";

    /// <summary>The steps in order; weights rise.</summary>
    public required ImmutableArray<StepSpec> Steps { get; init; }

    /// <summary>Keeps a user on one arm; null for none.</summary>
    public StickinessSpec? Stickiness { get; init; }

    /// <summary>Requests that match any of these go to the canary while a run is in flight.</summary>
    public ImmutableArray<MatchRule> Match { get; init; } = [];
}
