using MeshCanary.Splitting.Choosing;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Routing;

/// <summary>Chooses the arm of a request and points the request at it, before load balancing.</summary>
internal static class ArmPicker
{
    public static ArmPick Pick(HttpContext context, RouteEntry route)
    {
        if (route.Canary is not { } canary)
        {
            route.Draws.Record(canary: false, repeat: false);
            Assign(context, route.Stable);
            return new ArmPick(route.Stable, Diverted: false, FirstVisit: null);
        }

        var facts = new RequestFacts(context.Request);
        var key = route.Keys.Read(context, mint: route.Draws.CanaryWeight > 0, out var repeat);
        var choice = route.Plan.Choose(in facts, key, FastRandom.Next());
        if (choice.Reason != ChoiceReason.Rule)
            route.Draws.Record(choice.Arm == Arm.Canary, repeat);
        var visits = IsFirst(route, choice, key) ? route.Visits : null;

        if (choice.Arm == Arm.Canary && Assign(context, canary))
            return new ArmPick(canary, Diverted: false, visits?.Canary);

        Assign(context, route.Stable);
        // What stable answers for the canary says nothing of either: such a visit is spent and counted nowhere.
        var diverted = choice.Arm == Arm.Canary;
        return new ArmPick(route.Stable, diverted, diverted ? null : visits?.Stable);
    }

    // Only who was drawn by a key, while there was something to draw: a rule's choice is no draw.
    private static bool IsFirst(RouteEntry route, Choice choice, string? key) =>
        choice.Reason == ChoiceReason.Key && route is { Visits: not null, Draws.CanaryWeight: > 0 } && route.Visits.Enter(UserHash.Of(key!));

    // The pick rests on the very list of endpoints that load balancing will use, so no change in between can empty it.
    private static bool Assign(HttpContext context, ArmTarget target)
    {
        var proxied = context.GetReverseProxyFeature();
        if (!ReferenceEquals(proxied.Cluster, target.Cluster.Model))
        {
            context.ReassignProxyRequest(target.Cluster);
            proxied = context.GetReverseProxyFeature();
        }

        return proxied.AvailableDestinations.Count > 0;
    }
}
