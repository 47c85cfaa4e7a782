using MeshCanary.Proxy.Recording;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>Decides which one outcome a finished request has.</summary>
internal static class OutcomeClassifier
{
    public static RequestOutcome Of(HttpContext context, ForwarderError error, Exception? thrown)
    {
        if (thrown is not null)
            return thrown is BadHttpRequestException or OperationCanceledException ? RequestOutcome.ClientAbort : RequestOutcome.ConnectionFailure;
        return error == ForwarderError.None ? OfResponse(context) : OfFault(context, context.GetForwarderErrorFeature()!);
    }

    private static RequestOutcome OfResponse(HttpContext context)
    {
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            return RequestOutcome.ServerError;
        var type = context.Response.ContentType;
        var failed = GrpcStatus.IsGrpc(type) ? GrpcStatus.Failed(context) : GrpcStatus.IsGrpcWeb(type) && GrpcStatus.FailedAtOnce(context);
        return failed ? RequestOutcome.GrpcError : RequestOutcome.Success;
    }

    private static RequestOutcome OfFault(HttpContext context, IForwarderErrorFeature fault)
    {
        switch (fault.Error)
        {
            case ForwarderError.RequestTimedOut:
                return Attempts.TookTooLongToConnect(fault) ? RequestOutcome.ConnectionFailure : RequestOutcome.Timeout;

            // What the client sent makes no request that could go anywhere.
            case ForwarderError.RequestCreation:
                return RequestOutcome.ClientAbort;

            // Cancelled is only what the client (or the end of the proxy) cancelled.
            case ForwarderError.RequestCanceled or ForwarderError.ResponseBodyCanceled or ForwarderError.ResponseBodyClient:
                return RequestOutcome.ClientAbort;

            // The limit on silence ends a read from the upstream in this way, and a write to the client as the client's fault.
            case ForwarderError.ResponseBodyDestination when fault.Exception is OperationCanceledException:
                return RequestOutcome.Timeout;

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
}
