using MeshCanary.Splitting.Choosing;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Routing;

/// <summary>Draws the arm of a request, and counts the draw.</summary>
internal static class ArmPicker
{
    public static ArmPick Pick(HttpContext context, RouteEntry route)
    {
        if (route.Canary is null)
        {
            route.Draws.Record(canary: false, repeat: false);
            return new ArmPick(Arm.Stable, FirstVisit: null);
        }

        var facts = new RequestFacts(context.Request);
        var key = route.Keys.Read(context, mint: route.Draws.CanaryWeight > 0, out var repeat);
        var choice = route.Plan.Choose(in facts, key, FastRandom.Next());
        if (choice.Reason != ChoiceReason.Rule)
            route.Draws.Record(choice.Arm == Arm.Canary, repeat);
        var visits = IsFirst(route, choice, key) ? route.Visits : null;
        return new ArmPick(choice.Arm, choice.Arm == Arm.Canary ? visits?.Canary : visits?.Stable);
    }

    // Only who was drawn by a key, while there was something to draw: a rule's choice is no draw.
    private static bool IsFirst(RouteEntry route, Choice choice, string? key) =>
        choice.Reason == ChoiceReason.Key && route is { Visits: not null, Draws.CanaryWeight: > 0 } && route.Visits.Enter(UserHash.Of(key!));
}
