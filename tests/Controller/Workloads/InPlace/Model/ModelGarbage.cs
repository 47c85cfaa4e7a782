using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace;

namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>What goes with its owner.</summary>
internal static class ModelGarbage
{
    /// <summary>Deletes a ReplicaSet and its pods.</summary>
    public static void Delete(ModelCluster cluster, V1ReplicaSet set)
    {
        foreach (var pod in cluster.Pods.Where(pod => pod.SetUid == set.Metadata.Uid).ToList())
            End(cluster, pod, set);
        cluster.Sets.Remove(set.Metadata.Name);
    }

    /// <summary>Ends a pod.</summary>
    public static void End(ModelCluster cluster, ModelPod pod, V1ReplicaSet set)
    {
        cluster.Pods.Remove(pod);
        cluster.Ended.Add((pod, Objects.Revision(set)));
    }
}
