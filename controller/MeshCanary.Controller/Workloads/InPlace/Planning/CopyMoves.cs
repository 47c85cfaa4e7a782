using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Identity;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>
/// Copying what a revision reads, before it has pods. A ReplicaSet on copies gets the label that says what is in them when all of them
/// are there, and pods only after that: whoever dies in between leaves nothing that reads half of its configuration.
/// </summary>
internal static class CopyMoves
{
    public static InPlaceCall? Next(Situation at)
    {
        var layout = at.Layout;
        if (at.Order.Releasing)
            return null;
        foreach (var set in layout.Arms.Concat(layout.Active).Where(set => at.IsPlanned(Objects.Revision(set)) && ConfigCopies.AreReadBy(set)))
        {
            if (Next(at, set) is { } call)
                return call;
        }

        return null;
    }

    /// <summary>Whether pods of a ReplicaSet would find all that they read.</summary>
    public static bool AreThere(V1ReplicaSet set) => !ConfigCopies.AreReadBy(set) || Objects.Label(set, InPlaceNames.ConfigLabel) is not null;

    private static InPlaceCall? Next(Situation at, V1ReplicaSet set)
    {
        var (revision, layout) = (Objects.Revision(set)!, at.Layout);
        var written = Objects.Label(set, InPlaceNames.ConfigLabel);
        var template = layout.Deployment.Spec.Template;
        if (layout.Catalog.ConfigOf(template) is not { } config || layout.Catalog.ConfigOf(set.Spec.Template) is null)
        {
            if (written is null)
                at.Wait();
            return null;
        }

        // Copies are made of what the revision was named by, and of nothing else.
        if (!layout.HasOriginalOf(set) || (written is null ? revision != layout.Target : written != config))
        {
            if (written is null)
            {
                at.Wait();
                at.Tell($"what revision {revision} reads has changed before it was copied, so its pods are not started");
            }

            return null;
        }

        var configs = layout.View.Configs;
        foreach (var source in ConfigReferences.Of(template))
        {
            // What may be missing, and is, stays so: its copy is not there either, whatever is made later.
            var hash = configs.Hashes[source];
            if (hash.Length > 0 && !configs.Has(ConfigCopies.Of(source, revision), set.Metadata.Uid))
                return new CreateCopy(source, hash, set);
        }

        return written is null ? new LabelReplicaSet(set, NameMoves.NoLabels.Add(InPlaceNames.ConfigLabel, config), NameMoves.NoLabels) : null;
    }
}
