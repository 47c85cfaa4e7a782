using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace.Identity;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Copies a ConfigMap or Secret for a revision. The copy belongs to the revision's ReplicaSet, and goes with it.</summary>
/// <param name="Source">What is copied.</param>
/// <param name="Hash">What has to be in it: other content is of another revision.</param>
/// <param name="Set">The ReplicaSet whose pods read the copy.</param>
internal sealed record CreateCopy(ConfigReference Source, string Hash, V1ReplicaSet Set) : InPlaceCall
{
    /// <summary>The copy.</summary>
    public ConfigReference Copy => ConfigCopies.Of(Source, Objects.Revision(Set)!);

    public override string Says => $"copy {Source} for {Objects.Revision(Set)}";
}
