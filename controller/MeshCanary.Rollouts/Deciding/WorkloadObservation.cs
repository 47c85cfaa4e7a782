using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>
/// What is seen of a workload that brings up the pods of its revisions by itself and as many as their traffic needs.
/// Where versions are given as addresses there is none of this.
/// </summary>
public sealed record WorkloadObservation
{
    /// <summary>Ready pods that all of the traffic needs: what the home is scaled to by whoever scales it; at least 1.</summary>
    public required int Whole { get; init; }

    /// <summary>The revision that the home holds: the one that stays when MeshCanary goes. Null while it changes hands.</summary>
    public Revision? Home { get; init; }

    /// <summary>The revision that a person let the home roll out by itself; null while nobody did.</summary>
    public Revision? TakenOver { get; init; }

    /// <summary>What keeps the workload from its plan, in plain words and without a full stop; null while nothing does.</summary>
    public string? Problem { get; init; }
}
