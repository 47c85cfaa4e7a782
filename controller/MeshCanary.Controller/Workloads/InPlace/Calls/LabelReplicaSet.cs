using System.Collections.Immutable;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Writes or removes labels and annotations of ours on a ReplicaSet.</summary>
/// <param name="Set">The ReplicaSet as it was seen.</param>
/// <param name="Labels">By name; null to remove one.</param>
/// <param name="Annotations">By name; null to remove one.</param>
internal sealed record LabelReplicaSet(V1ReplicaSet Set, ImmutableSortedDictionary<string, string?> Labels, ImmutableSortedDictionary<string, string?> Annotations) : ReplicaSetCall(Set)
{
    public override string Says => Labels.TryGetValue(InPlaceNames.RevisionLabel, out var name) && name is not null ? $"name {Name} {name}" : $"clean {Name}";
}
