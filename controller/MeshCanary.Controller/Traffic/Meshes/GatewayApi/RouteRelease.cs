using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>
/// Gives routes back in two writes each: first the backends are as they were, which controllers have to take before the versions' own
/// Services may go; then what was kept goes. A route of our own at a Gateway stays, since clients come by it, and belongs to nobody then.
/// </summary>
internal sealed class RouteRelease(MeshWish wish, MeshView view)
{
    // A release cannot wait for a controller that is not there any more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GatewayApiSpec _spec = wish.Manifest.Spec.GatewayApi ?? new GatewayApiSpec();

    /// <summary>The next step to give back all that was changed for the Canary.</summary>
    public MeshStep Next() => Next([], RouteTarget.Of(wish.Manifest));

    /// <summary>The next step to give back routes that a former spec of the Canary named.</summary>
    /// <param name="present">Those that the present one names.</param>
    public MeshStep NextOfFormer(ImmutableArray<RouteTarget> present) => Next(present, []);

    private MeshStep Next(ImmutableArray<RouteTarget> present, ImmutableArray<RouteTarget> asked)
    {
        var steps = from kind in GatewayKinds.Routes
                    where GatewayKinds.Served(kind, view) is not null
                    from route in view.Objects
                    where route.Kind == kind && ObjectKey.Of(route).Namespace == wish.Manifest.Namespace
                    let target = new RouteTarget(kind, ObjectKey.Of(route), OwnRoute.IsOf(route, wish.Manifest))
                    where !present.Contains(target)
                    let step = Next(route, target, asked)
                    where step is not null
                    select step;
        var all = steps.ToImmutableArray();
        if (all.IsEmpty)
            return new MeshStep { InForce = true, Proof = "no route is changed for it" };
        var next = all.FirstOrDefault(step => step.Write is not null) ?? all[0];
        return next with { Routes = all.Length, LookAgainAt = all.Min(step => step.LookAgainAt) };
    }

    private MeshStep? Next(RawObject route, RouteTarget target, ImmutableArray<RouteTarget> asked)
    {
        var live = UserRoute.Rules(route) ?? [];
        if (KeptRoute.Read(route, wish.Manifest.Name) is not { } kept)
            return asked.Contains(target) && new UserRoute(wish, view, _spec, target).Lost(live, null) is { } lost ? new MeshStep { Waits = lost } : null;

        if (kept.Stable is not null)
            return Restore(route, target, live, kept);
        var report = new RouteStatus(_spec, view).Read(route, kept.Since);
        var patience = kept.Since + Patience;
        if (!report.IsInForce && patience > view.Now)
            return new MeshStep { Waits = report.Waits, LookAgainAt = report.LookAgainAt ?? patience };
        return Forget(route, target);
    }

    private MeshStep Restore(RawObject route, RouteTarget target, JsonArray live, KeptRoute kept)
    {
        var split = new ArmSplit(wish.Manifest.Namespace, wish.Service.Name, kept.Stable!, kept.Canary, kept.Weight) { Ports = wish.Ports };
        var original = new RouteRules(target.Kind, split).Original(live, kept);
        var noted = KeptRoute.Write(route, wish.Manifest.Name, new KeptRoute(view.Now));
        return Write(target, UserRoute.Patch(route, original, noted), $"{target} to lead to Service {wish.Service.Name} again");
    }

    private MeshStep Forget(RawObject route, RouteTarget target)
    {
        if (target.IsOurs && !HasGateways(route))
            return new MeshStep { Write = new MeshWrite.Delete(GatewayKinds.Served(target.Kind, view)!, target.Key, route.Metadata.Uid), Waits = $"{target} to go" };
        var patch = UserRoute.Patch(route, null, KeptRoute.Write(route, wish.Manifest.Name, null));
        var owner = target.IsOurs ? (route.Metadata.OwnerReferences ?? []).Select((one, place) => (one, place)).FirstOrDefault(at => at.one.Kind == ApiNames.Canary && at.one.Name == wish.Manifest.Name) : default;
        if (owner.one is not null)
            patch.Remove($"/metadata/ownerReferences/{owner.place}");
        return Write(target, patch, $"{target} to be let go");
    }

    private static bool HasGateways(RawObject route) =>
        route.At("spec", "parentRefs") is { ValueKind: JsonValueKind.Array } parents
        && JsonArray.Create(parents)!.Any(one => ParentKey.Of(one, "").IsGateway);

    private MeshStep Write(RouteTarget target, JsonPatch patch, string what) =>
        new() { Write = new MeshWrite.Patch(GatewayKinds.Served(target.Kind, view)!, target.Key, patch), Waits = what };
}
