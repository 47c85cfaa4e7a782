using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace.Calls;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>
/// Giving the Deployment its home: what it has besides goes to the Canary first, because of two ReplicaSets with pods it would scale
/// one down, paused or not.
/// </summary>
internal static class HomeMoves
{
    public static InPlaceCall? Next(Situation at)
    {
        if (at.Home is not { } home)
            return Restore(at);

        if (at.RollsHome)
            return Keep(at, home);
        if (at.Order.Releasing && at.HomeIsOwned && !at.Layout.IsPaused)
            return null;
        // What is scaled while it is the Canary's is nobody's business but ours.
        if (at.HomeIsOwned && !Objects.IsActive(home) && at.Layout.Replicas > 0 && !(at.TemplateIsHomes && at.Layout.Active.IsEmpty))
            return ToCanary(at, home);
        if (at.HomeIsOwned)
            return at.Layout.Active.FirstOrDefault(set => set != home) is { } other ? ToCanary(at, other) : null;
        if (Objects.Size(home) < at.Layout.Replicas)
            return Grow(at, home);
        // A Deployment without pods scales up the newest of its history, paused or not: the history goes first, and comes back later.
        var owned = at.Layout.Owned.OrderBy(Objects.IsActive).FirstOrDefault();
        return owned is null ? ToDeployment(at, home) : ToCanary(at, owned);
    }

    /// <summary>Hands a ReplicaSet of the Deployment's to the Canary as it is.</summary>
    public static MoveReplicaSet ToCanary(Situation at, V1ReplicaSet set) => new(set, at.Layout.View.Canary.Reference, NameMoves.NoLabels);

    /// <summary>Hands a ReplicaSet of the Canary's to the Deployment as it is.</summary>
    public static MoveReplicaSet ToDeployment(Situation at, V1ReplicaSet set) => new(
        set,
        new V1OwnerReference
        {
            ApiVersion = "apps/v1",
            Kind = "Deployment",
            Name = at.Layout.Deployment.Metadata.Name,
            Uid = at.Layout.Deployment.Metadata.Uid,
            Controller = true,
            BlockOwnerDeletion = true,
        },
        NameMoves.NoLabels);

    // The Deployment takes down by itself what is not its home, but not what still serves.
    private static MoveReplicaSet? Keep(Situation at, V1ReplicaSet home)
    {
        if (at.Layout.Active.FirstOrDefault(set => set != home && Objects.Revision(set) != at.Plan.Home.Name && at.IsPlanned(Objects.Revision(set))) is { } serves)
            return ToCanary(at, serves);
        // Where copies are to go it may not have begun: what still names them is not what it is left with.
        if (at.Layout.Active.Any(set => set != home) || ((at.Order.Releasing || at.Layout.Replicas > 0) && !at.Layout.HasTemplateOf(home)))
            at.Wait();
        return null;
    }

    private static ScaleReplicaSet? Grow(Situation at, V1ReplicaSet home)
    {
        at.Wait();
        if (!CopyMoves.AreThere(home))
            return null;
        return QuotaRoom.Problem(at.Layout.View, home, at.Layout.Replicas) is { } problem ? Refuse(at, problem) : new ScaleReplicaSet(home, at.Layout.Replicas);
    }

    private static ScaleReplicaSet? Refuse(Situation at, string problem)
    {
        at.Tell(problem);
        return null;
    }

    // A hold that came back before the Deployment had begun with what a person let it roll out leaves nobody to start it.
    private static CreateReplicaSet? Restore(Situation at)
    {
        if (at.Order.Releasing)
            return null;
        at.Wait();
        if (at.Layout is { IsPaused: true, Target: { } target } && target == at.Plan.Home.Name)
            return ArmMoves.Create(at, target, at.Layout.Whole);
        if (at.Layout.Catalog.HasNames)
            at.Tell($"no ReplicaSet of revision {at.Plan.Home.Name} is left, so its pods cannot be started; apply its template again, or let another revision take its place");
        return null;
    }
}
