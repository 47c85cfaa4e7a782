using System.Collections.Immutable;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>Leaving nothing of ours behind, once the Deployment has what serves and there is no arm any more.</summary>
internal static class ReleaseMoves
{
    public static InPlaceCall? Next(Situation at)
    {
        var layout = at.Layout;
        // A template that was not analysed, or failed, is not rolled out because MeshCanary goes, unless that was asked for.
        if (layout.IsHeld && at is { HomeIsOwned: true, Home: { } home } && at.Order.Deployment.OnRelease == ReleaseAction.Resume)
            return HoldMoves.Release(at, home);
        if (layout.View.ArmServices.FirstOrDefault(service => !Objects.IsGoing(service)) is { } service)
            return new DeleteServiceOfArm(service);
        // First the Deployment: what is written on it is copied to its ReplicaSets.
        var deployment = layout.Deployment;
        var marked = Objects.Label(deployment, ApiNames.ManagedLabel) is not null;
        var notes = Removals(NameMoves.Marks.Add(ApiNames.CanaryAnnotation), name => Objects.Annotation(deployment, name));
        if (marked || notes.Count > 0)
            return new MarkDeployment(deployment.Metadata.Uid, marked ? NameMoves.NoLabels.Add(ApiNames.ManagedLabel, null) : NameMoves.NoLabels, notes);
        return layout.Owned
            .Select(set => new LabelReplicaSet(
                set,
                Removals([InPlaceNames.CanaryLabel, InPlaceNames.RevisionLabel, InPlaceNames.ConfigLabel], name => Objects.Label(set, name)),
                Removals(NameMoves.Marks.Add(ApiNames.CanaryAnnotation), name => Objects.Annotation(set, name))))
            .FirstOrDefault(call => call.Labels.Count + call.Annotations.Count > 0);
    }

    private static ImmutableSortedDictionary<string, string?> Removals(ImmutableArray<string> names, Func<string, string?> of) =>
        NameMoves.NoLabels.AddRange(names.Where(name => of(name) is not null).Select(NameMoves.Removed));

    /// <summary>Where there is no Deployment there is nobody to give anything back to.</summary>
    public static InPlaceStep WithoutDeployment(InPlaceView view, InPlaceOrder order)
    {
        var problem = view.Deployment is null ? $"Deployment {view.DeploymentName} does not exist" : $"Deployment {view.DeploymentName} is being deleted";
        if (!order.Releasing)
            return new InPlaceStep(null, problem);
        var left = view.ReplicaSets.Where(set => Objects.Controller(set) == view.Canary.Uid && !Objects.IsGoing(set)).OrderBy(set => set.Metadata.Name, StringComparer.Ordinal).ToList();
        InPlaceCall? call = left.FirstOrDefault(Objects.IsActive) is { } active ? new ScaleReplicaSet(active, 0)
            : left.FirstOrDefault(Objects.IsEmpty) is { } empty ? new DeleteReplicaSet(empty)
            : view.ArmServices.FirstOrDefault(service => !Objects.IsGoing(service)) is { } service ? new DeleteServiceOfArm(service)
            : null;
        return new InPlaceStep(call, problem, call is null && left.Count == 0);
    }
}
