using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Gives a ReplicaSet another size.</summary>
/// <param name="Set">The ReplicaSet as it was seen.</param>
/// <param name="Size">Its pods from now on.</param>
internal sealed record ScaleReplicaSet(V1ReplicaSet Set, int Size) : ReplicaSetCall(Set)
{
    public override string Says => $"scale {Name} to {Size}";
}
