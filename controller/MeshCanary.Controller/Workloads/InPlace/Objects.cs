using k8s;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace;

/// <summary>What is often asked of an object of the API. Nothing here takes a field for granted.</summary>
internal static class Objects
{
    public static string? Label(IKubernetesObject<V1ObjectMeta> of, string name) => of.Metadata.Labels?.TryGetValue(name, out var value) == true ? value : null;

    public static string? Annotation(IKubernetesObject<V1ObjectMeta> of, string name) => of.Metadata.Annotations?.TryGetValue(name, out var value) == true ? value : null;

    /// <summary>The uid of the owner that controls it; null for an orphan.</summary>
    public static string? Controller(IKubernetesObject<V1ObjectMeta> of) => of.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true)?.Uid;

    public static bool IsGoing(IKubernetesObject<V1ObjectMeta> of) => of.Metadata.DeletionTimestamp is not null;

    /// <summary>The revision that a ReplicaSet or an arm's Service was given; null for none yet.</summary>
    public static string? Revision(IKubernetesObject<V1ObjectMeta> of) => Label(of, InPlaceNames.RevisionLabel);

    /// <summary>What tells the pods of a ReplicaSet from others; empty where it has none.</summary>
    public static string HashOf(V1ReplicaSet set) =>
        Label(set, InPlaceNames.HashLabel)
        ?? (set.Spec.Selector?.MatchLabels?.TryGetValue(InPlaceNames.HashLabel, out var hash) == true ? hash : "");

    /// <summary>The hash that an arm's Service selects.</summary>
    public static string SelectedHash(V1Service service) => service.Spec?.Selector?.TryGetValue(InPlaceNames.HashLabel, out var hash) == true ? hash : "";

    /// <summary>How many pods a ReplicaSet should have.</summary>
    public static int Size(V1ReplicaSet set) => set.Spec.Replicas ?? 1;

    /// <summary>Whether a ReplicaSet should have pods: what the Deployment controller calls active.</summary>
    public static bool IsActive(V1ReplicaSet set) => Size(set) > 0;

    /// <summary>Whether it has no pods, will have none, and says so of its present spec.</summary>
    public static bool IsEmpty(V1ReplicaSet set) =>
        Size(set) == 0 && (set.Status?.Replicas ?? 0) == 0 && (set.Status?.ObservedGeneration ?? 0) >= (set.Metadata.Generation ?? 0);

    /// <summary>Whether as many pods are ready as a ReplicaSet should have, by its present spec.</summary>
    public static bool IsWhole(V1ReplicaSet set, int size) =>
        (set.Status?.ReadyReplicas ?? 0) >= size && (set.Status?.ObservedGeneration ?? 0) >= (set.Metadata.Generation ?? 0);
}
