using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Controller.Workloads.InPlace.Calls;

namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>Does calls as an API server does: what a call rests on has to be so, or nothing is done.</summary>
internal static class ModelServer
{
    /// <summary>Does a call; gives whether it was done.</summary>
    public static bool Do(ModelCluster cluster, InPlaceCall call)
    {
        switch (call)
        {
            case HoldDeployment hold when hold.Generation == cluster.Deployment.Metadata.Generation:
                cluster.Edit((spec, notes) => (spec.Paused, notes[ApiNames.HeldAnnotation]) = (true, hold.Home), cluster.Deployment.Spec.Paused != true);
                return true;
            case UnholdDeployment unhold when unhold.Generation == cluster.Deployment.Metadata.Generation && cluster.Deployment.Spec.Paused == true
                && unhold.Marks.All(cluster.Deployment.Metadata.Annotations.ContainsKey)
                // The server is asked for this before the call.
                && cluster.Owned.Any(set => set.Metadata.Name == unhold.Home.Metadata.Name):
                cluster.Edit((spec, notes) =>
                {
                    spec.Paused = null;
                    foreach (var mark in unhold.Marks)
                        notes.Remove(mark);
                });
                return true;
            case MarkDeployment mark:
                Mark(cluster, mark);
                return true;
            case CreateReplicaSet create when !cluster.Sets.ContainsKey(create.Set.Metadata.Name):
                Create(cluster, create.Set);
                return true;
            // The server is asked for this before the call.
            case MoveReplicaSet { To.Kind: "Deployment" } give when Objects.IsActive(give.Set) && cluster.Active.Any(set => set.Metadata.Name != give.Name):
                return false;
            case ReplicaSetCall set when cluster.Sets.TryGetValue(set.Name, out var there) && there.Metadata.ResourceVersion == set.Version:
                Do(cluster, set);
                return true;
            case CreateCopy copy:
                return cluster.Copy(copy);
            case CreateServiceOfArm create when !cluster.Services.ContainsKey(create.Service.Metadata.Name):
                create.Service.Metadata.Uid = cluster.Next();
                cluster.Put(create.Service);
                return true;
            case DeleteServiceOfArm delete when cluster.Services.TryGetValue(delete.Service.Metadata.Name, out var service) && service.Metadata.ResourceVersion == delete.Service.Metadata.ResourceVersion:
                cluster.Services.Remove(delete.Service.Metadata.Name);
                return true;
            default:
                return false;
        }
    }

    private static void Create(ModelCluster cluster, V1ReplicaSet set)
    {
        set.Metadata.Uid = cluster.Next();
        set.Metadata.Generation = 1;
        set.Metadata.CreationTimestamp = cluster.Tick();
        cluster.Put(set);
    }

    private static void Do(ModelCluster cluster, ReplicaSetCall call)
    {
        switch (call)
        {
            case ScaleReplicaSet scale:
                cluster.Edit(call.Name, set => set.Spec.Replicas = scale.Size);
                break;
            case MoveReplicaSet move:
                cluster.Edit(
                    call.Name,
                    set =>
                    {
                        set.Metadata.OwnerReferences = [move.To];
                        set.Metadata.Annotations.Remove(InPlaceNames.DesiredAnnotation);
                        set.Metadata.Annotations.Remove(InPlaceNames.MostAnnotation);
                        Write(set.Metadata.Labels, move.Labels);
                    },
                    spec: false);
                break;
            case LabelReplicaSet label:
                cluster.Edit(
                    call.Name,
                    set =>
                    {
                        Write(set.Metadata.Labels, label.Labels);
                        Write(set.Metadata.Annotations, label.Annotations);
                    },
                    spec: false);
                break;
            case DeleteReplicaSet:
                ModelGarbage.Delete(cluster, cluster.Sets[call.Name]);
                break;
            default:
                throw new InvalidOperationException(call.Says);
        }
    }

    private static void Mark(ModelCluster cluster, MarkDeployment mark)
    {
        foreach (var (name, value) in mark.Labels)
            cluster.Label(name, value);
        cluster.Edit((_, notes) => Write(notes, mark.Annotations), spec: false);
    }

    private static void Write(IDictionary<string, string> map, IEnumerable<KeyValuePair<string, string?>> changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is null)
                map.Remove(name);
            else
                map[name] = value;
        }
    }
}
