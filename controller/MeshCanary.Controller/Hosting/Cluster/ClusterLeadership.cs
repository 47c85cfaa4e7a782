using MeshCanary.Controller.Distribution;
using MeshCanary.Machinery.Leading;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>Who leads, as the election has it.</summary>
internal sealed class ClusterLeadership(LeaderElection election) : ILeadership
{
    /// <inheritdoc/>
    public bool IsLeading => election.IsLeading;

    /// <inheritdoc/>
    public string? Leader => election.Leader is { IsSelf: false, Address.Length: > 0 } leader ? leader.Address : null;
}
