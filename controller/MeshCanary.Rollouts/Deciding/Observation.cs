using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>Everything seen of the world at one moment.</summary>
public sealed record Observation
{
    /// <summary>The revision that should run: the newest one announced.</summary>
    public required Revision Target { get; init; }

    /// <summary>The router's report.</summary>
    public required TrafficObservation Traffic { get; init; }

    /// <summary>Ready endpoints by revision name; a revision that is absent has not been looked at yet.</summary>
    public required ImmutableDictionary<string, int> ReadyEndpoints { get; init; }

    /// <summary>What is seen of a workload that runs its revisions by itself; null where versions are given as addresses.</summary>
    public WorkloadObservation? Workload { get; init; }

    /// <summary>Verdict of the run in flight; null when there is none yet. Never of another run.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Why the metric source has no data, in plain words; null when it works.</summary>
    public string? MetricsProblem { get; init; }

    /// <summary>Canary requests counted since the present step's weight was acknowledged.</summary>
    public long StepCanaryRequests { get; init; }

    /// <summary>Why the promoted revision has to go while it bakes, with numbers and without a full stop; null while nothing speaks against it.</summary>
    public string? BakeRegression { get; init; }

    /// <summary>Why the canary has to go at once; null while nothing speaks against it. Never of another run.</summary>
    public CanaryAlarm? Alarm { get; init; }

    /// <summary>
    /// Why no more evidence can come, with numbers and without a full stop: the requests that the run may cost are spent.
    /// Null while they are not. Never of another run.
    /// </summary>
    public string? SpentBudget { get; init; }

    /// <summary>Actions to decide on, oldest first; each is handed over once.</summary>
    public ImmutableArray<RequestedAction> Actions { get; init; } = [];
}
