using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;
using MeshCanary.Controller.Traffic.Meshes.Pinning;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>What the caches say of one Canary's traffic, and the next steps. Thread-safe.</summary>
/// <param name="meshes">The meshes that there may be, by the router's name.</param>
/// <param name="services">The Services.</param>
/// <param name="hasArms">Whether a Canary has pods of other versions than its workload's own.</param>
internal sealed class MeshSights(ImmutableDictionary<string, MeshKinds> meshes, ArmServices services, Func<string, bool> hasArms)
{
    /// <summary>The mesh of a Canary.</summary>
    public MeshKinds MeshOf(ManagedMesh canary) => meshes[canary.Manifest.Spec.Router];

    /// <summary>Looks.</summary>
    public MeshSight Look(ManagedMesh canary)
    {
        var arms = services.Of(canary.Key);
        var service = services.Find(canary.Service);
        var mesh = MeshOf(canary);
        var view = mesh.Look(canary.Manifest.Namespace);
        var stable = canary.Plan is { } plan ? ArmHost.Pick(arms, plan.Stable.Name) : null;
        var other = canary.Plan?.Canary is { } revision && ArmHost.Pick(arms, revision.Name) is { Ready: > 0 } found ? found : null;
        ImmutableArray<ArmHost> routed = canary.IsReleasing ? [] : [.. new[] { stable, other }.OfType<ArmHost>()];
        var wish = new MeshWish(canary.Manifest, canary.Uid, canary.IsReleasing ? null : canary.Plan)
        {
            // One that could go any moment is no destination yet.
            ArmServices = routed.Where(arm => arm.IsKept).ToImmutableDictionary(arm => arm.Revision, arm => arm.Name),
            ServicePorts = Ports(service, canary.Manifest.Spec.Service.Ports),
        };
        var step = view is null || (wish.Plan is null && !canary.IsReleasing) ? null : mesh.Dialect.Next(wish, view);
        return new MeshSight(arms, routed, PinOf(canary, service, stable, step), step);
    }

    private PinStep PinOf(ManagedMesh canary, V1Service? service, ArmHost? stable, MeshStep? step)
    {
        var planner = new PinPlanner(canary.Manifest.Name);
        if (!canary.IsReleasing)
            return planner.Pin(service, stable);
        // Until the routes name the Service itself again, and the pods of others are gone, it follows stable.
        var isBack = step is { InForce: true, Write: null };
        var free = planner.Free(service, !isBack || hasArms(canary.Key));
        return free.Patch is null && free.Waits is not null && stable is not null && planner.Pin(service, stable) is { Patch: not null } moved ? moved : free;
    }

    private static ImmutableArray<MeshPort> Ports(V1Service? service, ImmutableArray<string>? split) =>
    [
        .. (service?.Spec.Ports ?? []).Where(port => port.Protocol is null or "TCP").OrderBy(port => port.Port).Select(port => new MeshPort(
            port.Port,
            port.Name ?? "",
            port.AppProtocol ?? "",
            split is not { } asked || asked.Contains(port.Name ?? "") || asked.Contains(port.Port.ToString(CultureInfo.InvariantCulture)))),
    ];
}
