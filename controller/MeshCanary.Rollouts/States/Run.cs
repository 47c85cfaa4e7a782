using System.Text.Json.Serialization;
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

    /// <summary>The steps it was begun with, in short: a run whose steps are edited begins again.</summary>
    public string Plan { get; init; } = "";

    /// <summary>Index of the present step; the number of steps once all are done.</summary>
    public int Step { get; init; }

    /// <summary>The canary's share as it should be now.</summary>
    [JsonConverter(typeof(BasisPointsJsonConverter))]
    public BasisPoints Weight { get; init; }

    /// <summary>The largest share that its arm is made ready for: that of the present step, before the weight follows, or of an earlier one that was larger.</summary>
    [JsonConverter(typeof(BasisPointsJsonConverter))]
    public BasisPoints Reach { get; init; }

    /// <summary>When the workload's home was told to hold the canary from now on; null before the end of the promotion, and where versions are given as addresses.</summary>
    public DateTimeOffset? HandoverAt { get; init; }

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

    /// <summary>Why and until when it is held; null while it is not.</summary>
    public Hold? Hold { get; init; }

    /// <summary>Since when the present step is stalled (no capacity, no acknowledgement, a broken split); null while it is not.</summary>
    public DateTimeOffset? StalledSince { get; init; }

    /// <summary>Time the present step was stalled before that: the progress deadline is spent, not reset, by flapping.</summary>
    public TimeSpan StalledFor { get; init; }

    /// <summary>Whether the last weight step was completed on a Pass, not by a person or a policy.</summary>
    public bool Passed { get; init; }

    /// <summary>Whether a person, knowing that the canary failed, let it go on: that failure no longer acts.</summary>
    public bool FailureOverridden { get; init; }

    /// <summary>Whether a person, knowing that the exposure budget is spent, let it go on: that no longer ends the analysis.</summary>
    public bool BudgetOverridden { get; init; }

    /// <summary>How it ended, known from the moment that is decided; null while it is open.</summary>
    public RunOutcome? Outcome { get; init; }

    /// <summary>When it ended: its traffic has arrived where the outcome wants it. Null while in flight.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it ended or is held, in plain words; null while nothing is to be said.</summary>
    public string? Reason { get; init; }
}
