using System.Collections.Immutable;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>
/// Pausing the Deployment and letting it go on. It is held while it has another template than its home, and while its home changes
/// hands: a Deployment that has nothing of its own makes something.
/// </summary>
internal static class HoldMoves
{
    public static InPlaceCall? Hold(Situation at)
    {
        var layout = at.Layout;
        if (at.Home is null || !MustHold(at) || (layout.IsHeld && (at.TemplateIsHomes || layout.HeldAt == at.Plan.Home.Name || !at.HomeIsOwned)))
            return null;
        if (!layout.IsPaused && !at.TemplateIsHomes && at.Order.Deployment.Hold == HoldMode.Webhook && at.HomeIsOwned && layout.HeldAt is null)
            at.Tell($"Deployment {layout.View.DeploymentName} was not held in the write that changed its template, so the webhook did not see it; it is held now, and pods that had started are taken down or become the arm");
        return Call(at);
    }

    public static InPlaceCall? Unhold(Situation at)
    {
        var layout = at.Layout;
        if (at.HoldsAlways || !layout.IsHeld || !MayGo(at))
            return null;
        // Of ReplicaSets with one template the Deployment takes the oldest, and would start all of its pods anew.
        var twin = layout.Owned.FirstOrDefault(set => set != at.Home && layout.HasTemplateOf(set));
        if (twin is not null && Objects.IsEmpty(twin))
            return new DeleteReplicaSet(twin);
        if (twin is not null || layout.Active.Length > 1)
        {
            at.Wait();
            return null;
        }

        return Release(at, at.Home!);
    }

    /// <summary>Takes the pause away with its marks.</summary>
    public static UnholdDeployment Release(Situation at, V1ReplicaSet home) => new(at.Layout.Deployment.Metadata.Generation ?? 0, Marks(at.Layout), home);

    // What is given back is held only while its home changes hands: after that it is its owner's again, paused or not.
    private static bool MustHold(Situation at) => at.Order.Releasing
        ? !at.HomeIsOwned && !at.Layout.IsPaused
        : at.HoldsAlways || !at.TemplateIsHomes || !at.HomeIsOwned;

    private static bool MayGo(Situation at) => at.HomeIsOwned && at.TemplateIsHomes;

    private static HoldDeployment Call(Situation at) =>
        new(at.Layout.Deployment.Metadata.Generation ?? 0, at.Plan.Home.Name, at.Layout.Deployment.Metadata.Annotations is not null);

    private static ImmutableArray<string> Marks(Layout layout) =>
        [.. new[] { ApiNames.HeldAnnotation, ApiNames.ResumedByAnnotation }.Where(name => Objects.Annotation(layout.Deployment, name) is not null)];
}
