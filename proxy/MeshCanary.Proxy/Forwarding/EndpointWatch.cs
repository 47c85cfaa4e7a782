using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// Takes an endpoint out of rotation that could not be reached several times in a row, and lets it be tried again a
/// little later. Unlike a failure-rate policy it writes nothing shared while all is well.
/// </summary>
internal sealed partial class EndpointWatch(IDestinationHealthUpdater health, ILogger<EndpointWatch> logger)
{
    private const int FailuresInARow = 3;

    private static readonly TimeSpan RestPeriod = TimeSpan.FromSeconds(2);

    public void Observe(HttpContext context, ArmTarget target, RequestOutcome outcome)
    {
        if (context.GetReverseProxyFeature().ProxiedDestination is not { } destination)
            return;

        var endpoint = target.Counters.Endpoint(destination.DestinationId);
        endpoint.Record(outcome is not (RequestOutcome.Success or RequestOutcome.ClientAbort));

        if (outcome == RequestOutcome.ConnectionFailure && NeverAnswered(context))
            Unreachable(target, destination, endpoint);
        else if (outcome != RequestOutcome.ClientAbort)
            endpoint.Reached();
    }

    private static bool NeverAnswered(HttpContext context) =>
        context.GetForwarderErrorFeature()?.Error is ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.RequestBodyDestination;

    private void Unreachable(ArmTarget target, DestinationState destination, EndpointCounters endpoint)
    {
        if (endpoint.Unreachable() < FailuresInARow || destination.Health.Passive == DestinationHealth.Unhealthy)
            return;

        health.SetPassive(target.Cluster, destination, DestinationHealth.Unhealthy, RestPeriod);
        LogEjected(target.Counters.Route, target.Revision, endpoint.Address, FailuresInARow, RestPeriod.TotalSeconds);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Route {Route}, revision {Revision}: {Address} could not be reached {Failures} times in a row; it gets no requests for {Rest} s. See whether it runs and listens there.")]
    private partial void LogEjected(string route, string revision, string address, int failures, double rest);
}
