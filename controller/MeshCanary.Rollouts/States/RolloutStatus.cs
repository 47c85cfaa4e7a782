using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Rollouts.States;

/// <summary>The whole persisted state of one Canary's rollout. Written before any effect. Immutable.</summary>
public sealed record RolloutStatus
{
    /// <summary>Where it stands.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Since when it is in <see cref="Phase"/>.</summary>
    public required DateTimeOffset PhaseSince { get; init; }

    /// <summary>The revision that stable serves.</summary>
    public required Revision Stable { get; init; }

    /// <summary>The run in flight, or the last one; null before the first.</summary>
    public Run? Run { get; init; }

    /// <summary>The old revision, kept while a promoted one bakes.</summary>
    public Revision? Previous { get; init; }

    /// <summary>Arms that get no new request and are not gone yet; null without any, and where versions are given as addresses.</summary>
    public LeavingArms? Leaving { get; init; }

    /// <summary>What it waits for.</summary>
    public WaitingFor? WaitingFor { get; init; }

    /// <summary>Whether the present phase missed its deadline, which was told, and still goes on because nothing else is safer.</summary>
    public bool Overdue { get; init; }

    /// <summary>In phase Releasing: whether all is given back and the Canary may go.</summary>
    public bool Released { get; init; }

    /// <summary>Number of runs begun: the source of run ids.</summary>
    public long Runs { get; init; }
}
