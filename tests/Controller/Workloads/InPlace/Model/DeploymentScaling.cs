using System.Globalization;
using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace;

namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>The sizes that the Deployment controller gives, with a surge of a quarter and as many unavailable.</summary>
internal static class DeploymentScaling
{
    public static int Surge(ModelCluster cluster) => (Replicas(cluster) + 3) / 4;

    /// <summary>Scaling without a roll: the one that is active, or in proportion, or old ones away once the new one is whole.</summary>
    public static void Scale(ModelCluster cluster, V1ReplicaSet? fresh)
    {
        var active = cluster.Active;
        var one = active.Count switch
        {
            0 => fresh ?? cluster.Owned.OrderByDescending(set => set.Metadata.CreationTimestamp).FirstOrDefault(),
            1 => active[0],
            _ => null,
        };
        if (one is not null)
        {
            if (Objects.Size(one) != Replicas(cluster))
                Set(cluster, one, Replicas(cluster));
            return;
        }

        if (active.Count == 0)
            return;
        if (fresh is not null && Objects.Size(fresh) == Replicas(cluster) && fresh.Status?.AvailableReplicas == Replicas(cluster))
        {
            foreach (var old in active.Where(set => set.Metadata.Name != fresh.Metadata.Name))
                Set(cluster, old, 0);
            return;
        }

        Proportionally(cluster, active);
    }

    public static int NewSize(ModelCluster cluster, int now)
    {
        var all = cluster.Owned.Sum(Objects.Size);
        var most = Replicas(cluster) + Surge(cluster);
        return all >= most ? now : now + Math.Min(most - all, Replicas(cluster) - now);
    }

    /// <summary>Lets the new one grow; gives whether something was done.</summary>
    public static bool GrowNew(ModelCluster cluster, V1ReplicaSet fresh)
    {
        var size = Objects.Size(fresh) > Replicas(cluster) ? Replicas(cluster) : NewSize(cluster, Objects.Size(fresh));
        if (size == Objects.Size(fresh))
            return false;
        Set(cluster, fresh, size);
        return true;
    }

    /// <summary>Takes old ones down as far as what is available allows; gives whether something was done.</summary>
    public static bool ShrinkOld(ModelCluster cluster, V1ReplicaSet fresh)
    {
        var old = cluster.Active.Where(set => set.Metadata.Name != fresh.Metadata.Name).ToList();
        if (old.Count == 0)
            return false;
        var least = Replicas(cluster) - (Replicas(cluster) / 4);
        var missing = Objects.Size(fresh) - (fresh.Status?.AvailableReplicas ?? 0);
        var most = cluster.Owned.Sum(Objects.Size) - least - missing;
        foreach (var set in old)
        {
            if (most <= 0)
                break;
            var less = Math.Min(most, Objects.Size(set));
            Set(cluster, set, Objects.Size(set) - less);
            most -= less;
        }

        return true;
    }

    private static int Replicas(ModelCluster cluster) => cluster.Deployment.Spec.Replicas ?? 1;

    private static void Proportionally(ModelCluster cluster, IReadOnlyList<V1ReplicaSet> active)
    {
        var allowed = Replicas(cluster) > 0 ? Replicas(cluster) + Surge(cluster) : 0;
        var change = allowed - active.Sum(Objects.Size);
        var left = change;
        foreach (var set in active.OrderByDescending(Objects.Size))
        {
            var before = Objects.Annotation(set, InPlaceNames.MostAnnotation) is { } most && int.TryParse(most, CultureInfo.InvariantCulture, out var known) && known > 0
                ? known
                : Math.Max(1, cluster.Owned.Sum(each => each.Status?.Replicas ?? 0));
            var part = (int)Math.Round((double)Objects.Size(set) * allowed / before) - Objects.Size(set);
            part = change > 0 ? Math.Min(Math.Max(part, 0), left) : Math.Max(Math.Min(part, 0), left);
            left -= part;
            // Its note of the size is written in any case.
            Set(cluster, set, Math.Max(0, Objects.Size(set) + part));
        }

        if (left != 0 && cluster.Active.OrderByDescending(Objects.Size).FirstOrDefault() is { } largest)
            Set(cluster, largest, Math.Max(0, Objects.Size(largest) + left));
    }

    private static void Set(ModelCluster cluster, V1ReplicaSet set, int size)
    {
        var desired = Replicas(cluster).ToString(CultureInfo.InvariantCulture);
        var most = (Replicas(cluster) + Surge(cluster)).ToString(CultureInfo.InvariantCulture);
        if (Objects.Size(set) == size && Objects.Annotation(set, InPlaceNames.DesiredAnnotation) == desired && Objects.Annotation(set, InPlaceNames.MostAnnotation) == most)
            return;
        cluster.Edit(
            set.Metadata.Name,
            next => (next.Spec.Replicas, next.Metadata.Annotations[InPlaceNames.DesiredAnnotation], next.Metadata.Annotations[InPlaceNames.MostAnnotation]) = (size, desired, most),
            Objects.Size(set) != size);
    }
}
