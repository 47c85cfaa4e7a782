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

    public void Observe(HttpContext context, ArmTarget target, EndpointCounters endpoint, RequestOutcome outcome)
    {
        if (outcome == RequestOutcome.ConnectionFailure && NeverConnected(context))
            Unreachable(target, context.GetReverseProxyFeature().ProxiedDestination!, endpoint);
        else if (outcome != RequestOutcome.ClientAbort)
            endpoint.Reached();
    }

    // Only what says that nothing listens there: an upstream that breaks off has been reached, and what it does with
    // requests is for the analysis to judge; a request that could not be sent says nothing of the upstream at all.
    private static bool NeverConnected(HttpContext context)
    {
        var fault = context.GetForwarderErrorFeature();
        if (fault?.Error == ForwarderError.RequestTimedOut)
            return true;

        for (var cause = fault?.Exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException request)
                return request.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
        }

        return false;
    }

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
