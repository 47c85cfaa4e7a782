using k8s.Models;

namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>Copies of what the model writes; templates are shared, nobody changes them.</summary>
internal static class Clones
{
    public static V1Deployment Of(V1Deployment from) => new()
    {
        Metadata = Of(from.Metadata),
        Spec = new V1DeploymentSpec { Replicas = from.Spec.Replicas, Paused = from.Spec.Paused, Template = from.Spec.Template, Selector = from.Spec.Selector },
        Status = from.Status,
    };

    public static V1ReplicaSet Of(V1ReplicaSet from) => new()
    {
        Metadata = Of(from.Metadata),
        Spec = new V1ReplicaSetSpec { Replicas = from.Spec.Replicas, Template = from.Spec.Template, Selector = from.Spec.Selector },
        Status = from.Status,
    };

    private static V1ObjectMeta Of(V1ObjectMeta from) => new()
    {
        Name = from.Name,
        NamespaceProperty = from.NamespaceProperty,
        Uid = from.Uid,
        Generation = from.Generation,
        CreationTimestamp = from.CreationTimestamp,
        Labels = new Dictionary<string, string>(from.Labels ?? new Dictionary<string, string>()),
        Annotations = new Dictionary<string, string>(from.Annotations ?? new Dictionary<string, string>()),
        OwnerReferences = [.. from.OwnerReferences ?? []],
    };
}
