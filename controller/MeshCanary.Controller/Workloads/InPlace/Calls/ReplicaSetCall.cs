using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>A write to a ReplicaSet that rests on all of it: nobody may have written to it since it was seen.</summary>
/// <param name="Set">The ReplicaSet as it was seen.</param>
internal abstract record ReplicaSetCall(V1ReplicaSet Set) : InPlaceCall
{
    /// <summary>Its name.</summary>
    public string Name => Set.Metadata.Name;

    /// <summary>Its version as it was seen.</summary>
    public string Version => Set.Metadata.ResourceVersion;
}
