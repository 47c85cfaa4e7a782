using System.Collections.Immutable;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>
/// The router <c>gatewayApi</c>: backends of HTTPRoutes and GRPCRoutes, the user's or one of our own, are the arms of the Service.
/// All memory is on the routes themselves. Thread-safe.
/// </summary>
internal sealed class GatewayApiDialect : IMeshDialect
{
    /// <inheritdoc/>
    public string Name => "gatewayApi";

    /// <inheritdoc/>
    public ImmutableArray<ResourceChoice> Kinds => GatewayKinds.All;

    /// <inheritdoc/>
    public MeshStep Next(MeshWish wish, MeshView view)
    {
        if (wish.Plan is not { } plan)
            return new RouteRelease(wish, view).Next();
        var spec = wish.Manifest.Spec.GatewayApi ?? new GatewayApiSpec();
        var targets = RouteTarget.Of(wish.Manifest);
        return targets.Select(target => target.Kind).FirstOrDefault(kind => GatewayKinds.Served(kind, view) is null) is { } missing
            ? new MeshStep { Waits = GatewayKinds.Missing(missing), Routes = targets.Length }
            : Hold(wish, view, spec, targets, plan);
    }

    private static MeshStep Hold(MeshWish wish, MeshView view, GatewayApiSpec spec, ImmutableArray<RouteTarget> targets, TrafficPlan plan)
    {
        if (Split(wish, plan, out var waits) is not { } split)
            return new MeshStep { Waits = waits, Routes = targets.Length };
        var steps = targets.Select(target => target.IsOurs
            ? new OwnRoute(wish, view, spec, target).Next(split)
            : new UserRoute(wish, view, spec, target).Next(split)).ToImmutableArray();
        // A route for which something is wrong does not keep the others from being written: it may be traffic that has to go back.
        var write = steps.FirstOrDefault(step => step.Write is not null);
        var problem = steps.FirstOrDefault(step => step is { Write: null, InForce: false });
        if (write is null && problem is null)
            return new RouteRelease(wish, view).NextOfFormer(targets) is { InForce: false } former ? Count(former, steps) : InForce(steps);
        return Count(write is null ? problem! : write with { Waits = problem?.Waits ?? write.Waits }, steps);
    }

    private static MeshStep InForce(ImmutableArray<MeshStep> steps) => new()
    {
        InForce = true,
        Proof = string.Join(". ", steps.Select(step => step.Proof)),
        Routes = steps.Length,
        RoutesInForce = steps.Length,
    };

    private static MeshStep Count(MeshStep step, ImmutableArray<MeshStep> steps) => step with
    {
        InForce = false,
        Routes = steps.Length,
        RoutesInForce = steps.Count(one => one.InForce),
        LookAgainAt = steps.Append(step).Min(one => one.LookAgainAt),
    };

    // No backend is written whose Service is not there: the API answers 500 for its share.
    private static ArmSplit? Split(MeshWish wish, TrafficPlan plan, out string? waits)
    {
        waits = null;
        if (!wish.ArmServices.TryGetValue(plan.Stable.Name, out var stable))
            waits = $"the Service of revision {plan.Stable.Name}";
        string? canary = null;
        if (plan.Canary is { } other && !wish.ArmServices.TryGetValue(other.Name, out canary) && plan.CanaryWeight.Value > 0)
            waits = $"the Service of revision {other.Name}";
        if (waits is not null)
            return null;
        var strategy = wish.Manifest.Spec.Strategy;
        // A canary that is the stable version has one Service, and nothing to share.
        var isOne = canary == stable;
        return new ArmSplit(wish.Manifest.Namespace, wish.Service.Name, stable!, isOne ? null : canary, canary is null || isOne ? 0 : plan.CanaryWeight.Value)
        {
            Ports = wish.Ports,
            Rules = strategy.Match,
            Mirrored = strategy.Mirror?.Share.Value ?? 0,
        };
    }
}
