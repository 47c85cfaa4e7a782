using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Rollouts.Strategies;

/// <summary>The steps of a run, in order.</summary>
public sealed record RolloutPlan
{
    /// <summary>The steps.</summary>
    public required ImmutableArray<StepSpec> Steps { get; init; }

    /// <summary>
    /// The steps in short, such as <c>1%, 10%, approval, 50%</c>: names the plan to people, and tells a run that its steps
    /// were edited. Durations are not in it: they may be edited while a run is in flight.
    /// </summary>
    public string Outline => string.Join(", ", Steps.Select(step => step.Weight is { } weight ? weight.ToString() : "approval"));
}
