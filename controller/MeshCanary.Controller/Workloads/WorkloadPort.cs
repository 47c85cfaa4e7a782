using System.Collections.Immutable;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Workloads;

/// <summary>One port of a workload with several.</summary>
/// <param name="Number">Its number, as the stable revision has it.</param>
/// <param name="IsSplit">Whether its traffic is split.</param>
/// <param name="Addresses">Addresses by name of the revision.</param>
internal sealed record WorkloadPort(int Number, bool IsSplit, ImmutableDictionary<string, ImmutableArray<string>> Addresses)
{
    /// <summary>Where its requests of a revision go.</summary>
    public ImmutableArray<string> AddressesOf(Revision revision) => Addresses.GetValueOrDefault(revision.Name, []);
}
