using System.Collections.Immutable;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Workloads;

/// <summary>What is seen of a Canary's workload at one moment.</summary>
internal sealed record WorkloadSight
{
    /// <summary>Ready endpoints by revision name; a revision that was not looked at yet is absent.</summary>
    public required ImmutableDictionary<string, int> Ready { get; init; }

    /// <summary>Addresses that requests of a revision go to now, by its name; null where a revision names its own.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>>? Addresses { get; init; }

    /// <summary>The same by port, where requests come by several; then <see cref="Addresses"/> is not looked at.</summary>
    public ImmutableArray<WorkloadPort> Ports { get; init; } = [];

    /// <summary>The revision that should run, where the workload itself says so; null where it is announced.</summary>
    public Revision? Target { get; init; }

    /// <summary>What decisions rest on where the workload runs its revisions by itself; null where versions are given as addresses.</summary>
    public WorkloadObservation? Observation { get; init; }

    /// <summary>By what others tell the pods of revisions, by name of the revision; empty where versions are given as addresses.</summary>
    public ImmutableDictionary<string, RevisionPods> Pods { get; init; } = ImmutableDictionary<string, RevisionPods>.Empty;

    /// <summary>Where requests of a revision go.</summary>
    public ImmutableArray<string> AddressesOf(Revision revision) =>
        Addresses is null ? revision.Addresses : Addresses.GetValueOrDefault(revision.Name, []);
}
