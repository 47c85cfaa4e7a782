using System.Collections.Immutable;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Recording;

/// <summary>What one reconcile wants kept, all of it or nothing.</summary>
internal sealed record CanaryCommit
{
    /// <summary>The Canary from now on.</summary>
    public required CanaryRecord Record { get; init; }

    /// <summary>Entries for the decision log.</summary>
    public ImmutableArray<EventEntry> Events { get; init; } = [];

    /// <summary>What the decision rests on; null where nothing was looked at.</summary>
    public Sight? Seen { get; init; }

    /// <summary>Runs that ended in this reconcile, with their outcome.</summary>
    public ImmutableArray<Run> EndedRuns { get; init; } = [];

    /// <summary>The run that <see cref="Intervals"/> belong to; null without any.</summary>
    public string? IntervalsOf { get; init; }

    /// <summary>Intervals that the run's verdict now rests on.</summary>
    public ImmutableArray<RunInterval> Intervals { get; init; } = [];
}
