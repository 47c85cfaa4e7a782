using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Deletes a ReplicaSet that has no pods.</summary>
/// <param name="Set">The ReplicaSet as it was seen.</param>
internal sealed record DeleteReplicaSet(V1ReplicaSet Set) : ReplicaSetCall(Set)
{
    public override string Says => $"delete {Name}";
}
