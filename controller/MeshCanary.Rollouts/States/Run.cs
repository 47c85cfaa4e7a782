using MeshCanary.Rollouts.Revisions;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.States;

/// <summary>One attempt to promote one revision. Immutable; all times absolute (UTC).</summary>
public sealed record Run
{
    /// <summary>Unique id; a retry of the same revision is a run of its own.</summary>
    public required string Id { get; init; }

    /// <summary>The revision under analysis, pinned.</summary>
    public required Revision Canary { get; init; }

    /// <summary>The stable revision it is compared with, pinned.</summary>
    public required Revision Baseline { get; init; }

    /// <summary>Index of the present step.</summary>
    public int Step { get; init; }

    /// <summary>The canary's share as it should be now.</summary>
    public BasisPoints Weight { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the present step began.</summary>
    public required DateTimeOffset StepStartedAt { get; init; }

    /// <summary>When every proxy had acknowledged the present step's weight; null until then.</summary>
    public DateTimeOffset? StepAcknowledgedAt { get; init; }

    /// <summary>End of the warm-up; null until canary traffic flows.</summary>
    public DateTimeOffset? WarmupUntil { get; init; }

    /// <summary>End of the bake; null before promotion.</summary>
    public DateTimeOffset? BakeUntil { get; init; }

    /// <summary>How it ended; null while in flight.</summary>
    public RunOutcome? Outcome { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it ended or is held, in plain words; null while nothing is to be said.</summary>
    public string? Reason { get; init; }
}
