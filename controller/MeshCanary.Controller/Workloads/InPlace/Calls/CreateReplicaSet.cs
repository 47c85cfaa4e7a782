using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Makes an arm.</summary>
/// <param name="Generation">The spec of the Deployment whose template it has.</param>
/// <param name="Set">The ReplicaSet.</param>
internal sealed record CreateReplicaSet(long Generation, V1ReplicaSet Set) : InPlaceCall
{
    public override string Says => $"create {Set.Metadata.Name} x{Set.Spec.Replicas}";
}
