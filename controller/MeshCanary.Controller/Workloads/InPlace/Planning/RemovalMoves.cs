using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Rollouts.Deciding;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>Taking down arms that the plan does not have: first their pods, then what has none any more.</summary>
internal static class RemovalMoves
{
    public static InPlaceCall? Next(Situation at)
    {
        if (at.Home is null)
            return null;
        foreach (var set in at.Layout.Arms.Where(set => !IsKept(at, set)))
        {
            if (Next(at, set) is { } call)
                return call;
        }

        return NextSpent(at);
    }

    // A template that names copies is nothing to roll back to: the Deployment would have it for its own.
    private static DeleteReplicaSet? NextSpent(Situation at)
    {
        if (at.Layout.Owned.FirstOrDefault(set => set != at.Home && !Objects.IsActive(set) && ConfigCopies.AreReadBy(set)) is not { } spent)
            return null;
        if (Objects.IsEmpty(spent))
            return new DeleteReplicaSet(spent);
        at.Wait();
        return null;
    }

    private static InPlaceCall? Next(Situation at, V1ReplicaSet set)
    {
        if (Objects.IsActive(set) && (!MayGo(at, set) || IsServing(at, set)))
        {
            at.Wait();
            return null;
        }

        if (Objects.IsActive(set))
            return new ScaleReplicaSet(set, 0);
        if (Objects.IsEmpty(set))
            return IsHistory(at.Layout, set) ? HomeMoves.ToDeployment(at, set) : new DeleteReplicaSet(set);
        at.Wait();
        return null;
    }

    private static bool IsKept(Situation at, V1ReplicaSet set)
    {
        if (set == at.Home)
            return true;
        var revision = Objects.Revision(set);
        return at.Plan.Arms.Any(arm => arm.Revision.Name == revision) && set == at.Layout.ArmOf(revision!);
    }

    /// <summary>
    /// Whether nothing needs it although its revision has traffic, since another carries that revision whole. Nobody else takes its requests
    /// away: its Service has to go first.
    /// </summary>
    public static bool IsSpare(Situation at, V1ReplicaSet set) =>
        Objects.IsActive(set) && !at.Layout.IsOwned(set) && !IsKept(at, set)
        && Objects.Revision(set) is { } revision && (at.IsPlanned(revision) || revision == at.Layout.TakenOver) && MayGo(at, set);

    private static bool IsServing(Situation at, V1ReplicaSet set) =>
        IsSpare(at, set)
        && (at.Layout.View.ArmServices.Any(service => Objects.SelectedHash(service) == Objects.HashOf(set)) || at.Layout.View.Draining.Contains(set.Metadata.Uid));

    private static bool MayGo(Situation at, V1ReplicaSet set)
    {
        var revision = Objects.Revision(set);
        // A second one of the home's revision, left by whoever rolled it out by hand, goes when the first carries everything.
        if (revision == at.Plan.Home.Name && at.Home is { } home)
            return at.HomeIsOwned && Objects.IsWhole(home, at.Layout.Replicas);
        if (revision is not null && revision == at.Layout.TakenOver)
            return at.Layout.Settled is { } settled && at.Layout.RevisionOf(settled) == revision;
        // Of an arm that leaves nothing goes before all of it has left.
        if (at.Plan.Arms.FirstOrDefault(arm => arm.Revision.Name == revision) is { } planned)
            return planned.Share is { } share && at.Layout.ArmOf(revision!) is { } first && Objects.IsWhole(first, ArmSize.For(share, at.Layout.Whole));
        // Never the last pods that are ready.
        return at.Layout.Replicas == 0 || at.Layout.Owned.Append(at.Home!).Any(other => other.Status?.ReadyReplicas > 0) || !(set.Status?.ReadyReplicas > 0);
    }

    // What once was the Deployment's own goes back to its history, where 'rollout undo' looks; but of two with one template the
    // Deployment would take the older.
    private static bool IsHistory(Layout layout, V1ReplicaSet set) =>
        Objects.Annotation(set, InPlaceNames.HistoryAnnotation) is not null && !ConfigCopies.AreReadBy(set)
        && !layout.Owned.Any(other => TemplateJson.AreSame(other.Spec.Template, set.Spec.Template));
}
