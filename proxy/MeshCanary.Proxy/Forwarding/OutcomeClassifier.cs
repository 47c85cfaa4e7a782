using MeshCanary.Proxy.Recording;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>Decides which one outcome a finished request has.</summary>
internal sealed class OutcomeClassifier(TimeProvider time, TimeSpan silenceLimit)
{
    public RequestOutcome Of(HttpContext context, long started, CountedResponseBody body, Exception? thrown)
    {
        if (thrown is not null)
            return thrown is BadHttpRequestException or OperationCanceledException ? RequestOutcome.ClientAbort : RequestOutcome.ConnectionFailure;

        var fault = context.GetForwarderErrorFeature();
        return fault is null ? OfResponse(context) : OfFault(context, fault, started, body);
    }

    private static RequestOutcome OfResponse(HttpContext context)
    {
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            return RequestOutcome.ServerError;
        return GrpcStatus.IsGrpc(context.Response.ContentType) && GrpcStatus.Failed(context)
            ? RequestOutcome.GrpcError
            : RequestOutcome.Success;
    }

    private RequestOutcome OfFault(HttpContext context, IForwarderErrorFeature fault, long started, CountedResponseBody body)
    {
        switch (fault.Error)
        {
            case ForwarderError.RequestTimedOut:
                // The handler reports a connection that took too long as a cancellation with this cause.
                return fault.Exception?.InnerException is TimeoutException ? RequestOutcome.ConnectionFailure : RequestOutcome.Timeout;

            case ForwarderError.RequestCanceled or ForwarderError.ResponseBodyClient:
                return RequestOutcome.ClientAbort;

            case ForwarderError.ResponseBodyCanceled:
                return WasSilent(started, body) ? RequestOutcome.Timeout : RequestOutcome.ClientAbort;

            // A response that was complete before the request body was: the forwarder notes the bare exception. When
            // the request body is what broke the exchange, it joins both exceptions.
            case ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled or ForwarderError.RequestBodyDestination
                when fault.Exception is not AggregateException:
                return OfResponse(context);

            case ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled:
                return RequestOutcome.ClientAbort;

            case ForwarderError.RequestBodyDestination when context.Response.StatusCode == StatusCodes.Status504GatewayTimeout:
                return RequestOutcome.Timeout;

            case ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeRequestClient
                or ForwarderError.UpgradeResponseCanceled or ForwarderError.UpgradeResponseClient:
                return RequestOutcome.ClientAbort;

            default:
                return RequestOutcome.ConnectionFailure;
        }
    }

    // Both the client and the limit on silence end a response in the same way; who kept it waiting tells them apart.
    private bool WasSilent(long started, CountedResponseBody body)
    {
        if (body.ClientStalls)
            return false;
        var since = body.LastProgress == 0 ? started : body.LastProgress;
        return time.GetElapsedTime(since) >= silenceLimit;
    }
}
