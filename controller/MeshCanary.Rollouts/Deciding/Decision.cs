using System.Collections.Immutable;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>What is decided.</summary>
public sealed record Decision
{
    /// <summary>The status from now on.</summary>
    public required RolloutStatus Status { get; init; }

    /// <summary>What happened, for people and the audit; empty when nothing changed.</summary>
    public ImmutableArray<RolloutEvent> Events { get; init; } = [];

    /// <summary>Runs that ended with this decision, for the history; a superseded one is found nowhere else.</summary>
    public ImmutableArray<Run> EndedRuns { get; init; } = [];

    /// <summary>When to decide again even if nothing is seen; null for never.</summary>
    public DateTimeOffset? WakeAt { get; init; }
}
