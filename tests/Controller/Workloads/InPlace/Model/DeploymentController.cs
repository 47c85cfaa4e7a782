using System.Globalization;
using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace;
using MeshCanary.Controller.Workloads.InPlace.Identity;

namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>
/// What kube-controller-manager does to a Deployment, as far as it matters here: it adopts orphans, takes the oldest ReplicaSet of its
/// template for the new one, scales in proportion while it is paused, takes old ones down once the new one is whole (also while it is
/// paused), and does nothing but scale while a ReplicaSet's note of its size is old.
/// </summary>
internal static class DeploymentController
{
    private const int HistoryLimit = 10;

    public static void Sync(ModelCluster cluster)
    {
        Claim(cluster);
        var deployment = cluster.Deployment;
        if (deployment.Spec.Paused == true || IsScaling(cluster))
        {
            var at = New(cluster, create: false);
            DeploymentScaling.Scale(cluster, at);
            if (deployment.Spec.Paused == true)
                CleanUp(cluster, at);
            return;
        }

        var fresh = New(cluster, create: true)!;
        if (!DeploymentScaling.GrowNew(cluster, fresh) && !DeploymentScaling.ShrinkOld(cluster, fresh) && IsComplete(cluster, fresh))
            CleanUp(cluster, fresh);
    }

    private static int Replicas(ModelCluster cluster) => cluster.Deployment.Spec.Replicas ?? 1;

    private static void Claim(ModelCluster cluster)
    {
        foreach (var orphan in cluster.Sets.Values.Where(set => Objects.Controller(set) is null && Matches(set)).ToList())
        {
            cluster.Edit(
                orphan.Metadata.Name,
                set => set.Metadata.OwnerReferences = [new V1OwnerReference { Kind = "Deployment", Name = "web", Uid = cluster.Deployment.Metadata.Uid, Controller = true }],
                spec: false);
        }

        foreach (var stranger in cluster.Owned.Where(set => !Matches(set)).ToList())
            cluster.Edit(stranger.Metadata.Name, set => set.Metadata.OwnerReferences = [], spec: false);
    }

    private static bool Matches(V1ReplicaSet set) => Objects.Label(set, "app") == "web";

    private static bool IsScaling(ModelCluster cluster) =>
        cluster.Active.Any(set => Objects.Annotation(set, InPlaceNames.DesiredAnnotation) is { } desired && desired != Text(Replicas(cluster)));

    private static V1ReplicaSet? New(ModelCluster cluster, bool create)
    {
        var template = cluster.Deployment.Spec.Template;
        var known = cluster.Owned.OrderBy(set => set.Metadata.CreationTimestamp).FirstOrDefault(set => TemplateJson.AreSame(set.Spec.Template, template));
        if (known is not null)
        {
            Annotate(cluster, known);
            return cluster.Sets[known.Metadata.Name];
        }

        if (!create)
            return null;
        // Among the sizes of what is there already the new one gets what the surge leaves.
        var hash = $"k{cluster.Next()}";
        cluster.Put(new V1ReplicaSet
        {
            Metadata = new V1ObjectMeta
            {
                Name = $"web-{hash}",
                Uid = cluster.Next(),
                Generation = 1,
                CreationTimestamp = cluster.Tick(),
                Labels = new Dictionary<string, string> { ["app"] = "web", [InPlaceNames.HashLabel] = hash },
                Annotations = new Dictionary<string, string> { [InPlaceNames.DesiredAnnotation] = Text(Replicas(cluster)), [InPlaceNames.MostAnnotation] = Text(Replicas(cluster) + DeploymentScaling.Surge(cluster)) },
                OwnerReferences = [new V1OwnerReference { Kind = "Deployment", Name = "web", Uid = cluster.Deployment.Metadata.Uid, Controller = true }],
            },
            Spec = new V1ReplicaSetSpec
            {
                Replicas = DeploymentScaling.NewSize(cluster, 0),
                Template = template,
                Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web", [InPlaceNames.HashLabel] = hash } },
            },
        });
        Annotate(cluster, cluster.Sets[$"web-{hash}"]);
        return cluster.Sets[$"web-{hash}"];
    }

    // The revision is one more than the highest; annotations of the Deployment come along.
    private static void Annotate(ModelCluster cluster, V1ReplicaSet fresh)
    {
        var others = cluster.Owned.Where(set => set.Metadata.Name != fresh.Metadata.Name)
            .Select(set => int.Parse(Objects.Annotation(set, InPlaceNames.HistoryAnnotation) ?? "0", CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
        var own = int.Parse(Objects.Annotation(fresh, InPlaceNames.HistoryAnnotation) ?? "0", CultureInfo.InvariantCulture);
        var notes = cluster.Deployment.Metadata.Annotations.Where(pair => pair.Key != InPlaceNames.HistoryAnnotation && Objects.Annotation(fresh, pair.Key) != pair.Value).ToList();
        if (own > others && notes.Count == 0)
            return;
        cluster.Edit(
            fresh.Metadata.Name,
            set =>
            {
                set.Metadata.Annotations[InPlaceNames.HistoryAnnotation] = Text(Math.Max(own, others + (own > others ? 0 : 1)));
                foreach (var (name, value) in notes)
                    set.Metadata.Annotations[name] = value;
            },
            spec: false);
    }

    private static bool IsComplete(ModelCluster cluster, V1ReplicaSet fresh) =>
        cluster.Active.All(set => set.Metadata.Name == fresh.Metadata.Name) && (fresh.Status?.AvailableReplicas ?? 0) == Replicas(cluster);

    private static void CleanUp(ModelCluster cluster, V1ReplicaSet? fresh)
    {
        var old = cluster.Owned.Where(set => set.Metadata.Name != fresh?.Metadata.Name).OrderBy(set => set.Metadata.CreationTimestamp).ToList();
        foreach (var set in old.Take(Math.Max(0, old.Count - HistoryLimit)).Where(Objects.IsEmpty))
            ModelGarbage.Delete(cluster, set);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
