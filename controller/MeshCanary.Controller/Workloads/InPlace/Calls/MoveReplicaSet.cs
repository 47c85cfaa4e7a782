using System.Collections.Immutable;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Gives a ReplicaSet another owner, in one write: at no time is it an orphan that anybody may adopt.</summary>
/// <param name="Set">The ReplicaSet as it was seen.</param>
/// <param name="To">Its owner from now on.</param>
/// <param name="Labels">Labels to write with it.</param>
internal sealed record MoveReplicaSet(V1ReplicaSet Set, V1OwnerReference To, ImmutableSortedDictionary<string, string?> Labels) : ReplicaSetCall(Set)
{
    public override string Says => $"move {Name} to {To.Kind}";
}
