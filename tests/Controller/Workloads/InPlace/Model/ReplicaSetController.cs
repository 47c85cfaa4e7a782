using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace;

namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>Makes as many pods as a ReplicaSet asks for, and tells how many there are.</summary>
internal static class ReplicaSetController
{
    /// <summary>Brings a ReplicaSet further by at most some pods.</summary>
    public static void Sync(ModelCluster cluster, string name, int most = int.MaxValue)
    {
        var set = cluster.Sets[name];
        var pods = cluster.Pods.Where(pod => pod.SetUid == set.Metadata.Uid).ToList();
        var missing = Objects.Size(set) - pods.Count;
        for (var made = 0; made < Math.Min(missing, most) && HasRoom(cluster); made++)
        {
            cluster.Read(set);
            cluster.Pods.Add(new ModelPod(cluster.Next(), set.Metadata.Uid, Objects.HashOf(set)));
            var revision = Objects.Revision(set) ?? set.Metadata.Name;
            cluster.Started[revision] = cluster.Started.GetValueOrDefault(revision) + 1;
        }

        foreach (var pod in pods.OrderBy(pod => pod.Ready).Take(Math.Min(Math.Max(0, -missing), most)))
            ModelGarbage.End(cluster, pod, set);
        Tell(cluster, name);
    }

    /// <summary>Lets pods of a ReplicaSet get ready.</summary>
    public static void Ready(ModelCluster cluster, string name)
    {
        var set = cluster.Sets[name];
        foreach (var pod in cluster.Pods.Where(pod => pod.SetUid == set.Metadata.Uid && !cluster.Broken.Contains(pod.Hash)))
            pod.Ready = true;
        Tell(cluster, name);
    }

    private static bool HasRoom(ModelCluster cluster) =>
        cluster.Quota?.Status.Hard["pods"] is not { } most || cluster.Pods.Count < most.ToDecimal();

    private static void Tell(ModelCluster cluster, string name)
    {
        var set = cluster.Sets[name];
        var pods = cluster.Pods.Where(pod => pod.SetUid == set.Metadata.Uid).ToList();
        var ready = pods.Count(pod => pod.Ready);
        if (set.Status is { } said && said.Replicas == pods.Count && said.ReadyReplicas == ready && said.ObservedGeneration == set.Metadata.Generation)
            return;
        cluster.Edit(
            name,
            next => next.Status = new V1ReplicaSetStatus { Replicas = pods.Count, ReadyReplicas = ready, AvailableReplicas = ready, ObservedGeneration = set.Metadata.Generation },
            spec: false);
    }
}
