using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Recording;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Endpoint = MeshCanary.Proxy.Endpoints.Endpoint;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// What was tried for one request, and where to try next. Only an attempt of which nothing arrived may be followed by
/// another: a request that an upstream took is not sent again.
/// </summary>
internal sealed class Attempts
{
    private const int MostOnAnArm = 3;

    private readonly HashSet<Endpoint> _failed = [];
    private EndpointSet? _arm;

    /// <summary>Whether the attempt that just failed never reached an upstream.</summary>
    public static bool NeverArrived(HttpContext context, CountedRequestBody? body)
    {
        // A body is read only once there is a connection to send it on.
        if (body is { HasBegun: true } || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return false;

        // Only what says that nothing listens there: an upstream that breaks off has been reached.
        var fault = context.GetForwarderErrorFeature();
        if (fault?.Error == ForwarderError.RequestTimedOut)
            return TookTooLongToConnect(fault);
        if (fault?.Error != ForwarderError.Request)
            return false;
        for (var cause = fault.Exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException request)
                return request.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
        }

        return false;
    }

    /// <summary>Whether what ended was the wait for a connection: the handler reports that as a cancellation with this cause.</summary>
    public static bool TookTooLongToConnect(IForwarderErrorFeature fault) => fault.Exception?.InnerException is TimeoutException;

    /// <summary>What a finished request says of its endpoint.</summary>
    public static EndpointResult ResultOf(HttpContext context, RequestOutcome outcome, CountedRequestBody? body) => outcome switch
    {
        RequestOutcome.ClientAbort => EndpointResult.NotItsFault,
        RequestOutcome.Timeout => EndpointResult.Failed,
        RequestOutcome.ConnectionFailure => NeverArrived(context, body) ? EndpointResult.Unreachable : EndpointResult.Failed,
        RequestOutcome.ServerError when context.Response.StatusCode is 502 or 503 or 504 => EndpointResult.Failed,
        _ => EndpointResult.Answered,
    };

    /// <summary>Makes the response what it was before the attempt.</summary>
    public static void Forget(HttpContext context)
    {
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    /// <summary>Whether a ready endpoint would be left to try if this one could not be reached.</summary>
    public bool AreLeft(EndpointSet arm, Endpoint current) =>
        (_arm != arm || _failed.Count + 1 < MostOnAnArm) && Untried(arm).Any(endpoint => endpoint != current && endpoint.IsReady);

    /// <summary>The next endpoint to try on an arm, each once and three at most; null when there is none.</summary>
    /// <param name="arm">The arm's endpoints.</param>
    /// <param name="failed">The one that could not be reached.</param>
    /// <param name="evenUnready">Whether one that is not ready is better than none.</param>
    public Endpoint? Next(EndpointSet arm, Endpoint failed, bool evenUnready)
    {
        if (_arm != arm)
            _failed.Clear();
        _arm = arm;
        _failed.Add(failed);
        if (_failed.Count >= MostOnAnArm)
            return null;

        var left = Untried(arm).ToList();
        // Several pods often go at once: one that another request could not reach either is not tried while there are others.
        return left.Where(endpoint => endpoint.IsReady).MinBy(endpoint => (endpoint.IsDoubtful, endpoint.InFlight))
            ?? (evenUnready ? left.MinBy(endpoint => endpoint.InFlight) : null);
    }

    private IEnumerable<Endpoint> Untried(EndpointSet arm) => arm.All.Where(endpoint => _arm != arm || !_failed.Contains(endpoint));
}
