using System.Collections.Immutable;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Viewing;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>Writing down what is which revision, and whose the Deployment is.</summary>
internal static class NameMoves
{
    /// <summary>Names what the Deployment runs: a name, once given, is the revision, whatever way names are made in later.</summary>
    public static InPlaceCall? Name(Situation at)
    {
        var layout = at.Layout;
        if (at.Order.Releasing || layout.Active.FirstOrDefault(set => Objects.Revision(set) is null) is not { } nameless)
            return null;
        if (layout.Catalog.ConfigOf(nameless.Spec.Template) is not { } config || layout.RevisionOf(nameless) is not { } name)
        {
            at.Wait();
            return null;
        }

        // At adoption the plan's name is the one that was found in the same way a moment ago, and is in the status.
        return new LabelReplicaSet(nameless, Labels(layout, layout.Catalog.HasNames ? name : at.Plan.Home.Name, config), NoLabels);
    }

    /// <summary>Says whose the Deployment is.</summary>
    public static InPlaceCall? Mark(Situation at)
    {
        var deployment = at.Layout.Deployment;
        var canary = at.Layout.View.Canary.Name;
        if (at.Order.Releasing || (Objects.Label(deployment, ApiNames.ManagedLabel) == "true" && Objects.Annotation(deployment, ApiNames.CanaryAnnotation) == canary))
            return null;
        return new MarkDeployment(
            deployment.Metadata.Uid,
            NoLabels.Add(ApiNames.ManagedLabel, "true"),
            NoLabels.Add(ApiNames.CanaryAnnotation, canary));
    }

    /// <summary>
    /// Takes marks away where they mean nothing any more: the Deployment controller copies them to ReplicaSets, and <c>rollout undo</c>
    /// copies them back from there.
    /// </summary>
    public static InPlaceCall? Clean(Situation at)
    {
        var layout = at.Layout;
        if (layout.IsHeld)
            return null;
        var stale = Marks.Where(name => Objects.Annotation(layout.Deployment, name) is not null).ToList();
        if (stale.Count > 0)
            return new MarkDeployment(layout.Deployment.Metadata.Uid, NoLabels, NoLabels.AddRange(stale.Select(Removed)));
        foreach (var set in layout.Owned)
        {
            var copied = Marks.Where(name => Objects.Annotation(set, name) is not null).ToList();
            if (copied.Count > 0)
                return new LabelReplicaSet(set, NoLabels, NoLabels.AddRange(copied.Select(Removed)));
        }

        return null;
    }

    /// <summary>No labels.</summary>
    public static ImmutableSortedDictionary<string, string?> NoLabels { get; } = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    /// <summary>Marks of a hold.</summary>
    public static ImmutableArray<string> Marks { get; } = [ApiNames.HeldAnnotation, ApiNames.ResumedByAnnotation];

    /// <summary>The labels of a ReplicaSet that has a revision.</summary>
    public static ImmutableSortedDictionary<string, string?> Labels(Layout layout, string revision, string config) => NoLabels
        .Add(InPlaceNames.CanaryLabel, layout.View.Canary.Name)
        .Add(InPlaceNames.RevisionLabel, revision)
        .Add(InPlaceNames.ConfigLabel, config);

    /// <summary>The entry that removes a label or an annotation.</summary>
    public static KeyValuePair<string, string?> Removed(string name) => new(name, null);
}
