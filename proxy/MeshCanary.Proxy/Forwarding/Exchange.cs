using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>One request on its way: what is needed to count it when it ends.</summary>
/// <param name="Context">The request.</param>
/// <param name="Target">The arm that serves it.</param>
/// <param name="Started">When it arrived, as a timestamp.</param>
/// <param name="FirstVisit">Where to count it as the first of its user, too; null when it is not.</param>
internal readonly record struct Exchange(HttpContext Context, ArmTarget Target, long Started, OutcomeCells? FirstVisit)
{
    /// <summary>Counts how it ended, at the endpoint that was chosen for it.</summary>
    /// <returns>That endpoint, or null when none was chosen.</returns>
    public EndpointCounters? Count(RequestOutcome outcome, TimeSpan elapsed)
    {
        var endpoint = Context.GetReverseProxyFeature().ProxiedDestination is { } destination
            ? Target.Counters.Endpoints.Of(destination.DestinationId)
            : null;
        var cell = OutcomeCells.CellOf(outcome, elapsed.TotalSeconds);
        (endpoint?.Outcomes ?? Target.Counters.Nowhere).Increment(cell);
        FirstVisit?.Increment(cell);
        return endpoint;
    }
}
