using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>Says what the failure of an exchange is: whose, and what the client is told.</summary>
internal static class FaultOf
{
    // Keep-alive timeouts are seconds, and the end that crosses a request on the way arrives within a round trip.
    private static readonly TimeSpan RaceWindow = TimeSpan.FromSeconds(1);

    /// <summary>No connection came about.</summary>
    public static Http1Fault NoConnection(Exception failure, HttpContext context) => failure switch
    {
        TimeoutException => new Http1Fault(ForwarderError.RequestTimedOut, StatusCodes.Status504GatewayTimeout, new OperationCanceledException(failure.Message, failure)),
        OperationCanceledException => Left(context, failure),
        _ => Asking(HttpRequestError.ConnectionError, failure),
    };

    /// <summary>An exchange that had a connection failed.</summary>
    public static Http1Fault Failure(Exception failure, AbortCause cause, Http1Exchange exchange, HttpContext context) => exchange.Stage switch
    {
        ExchangeStage.Creating => new Http1Fault(ForwarderError.RequestCreation, StatusCodes.Status400BadRequest, failure),
        ExchangeStage.Asking => WhileAsking(failure, cause, exchange.Upload, context),
        ExchangeStage.Heading => new Http1Fault(ForwarderError.ResponseHeaders, StatusCodes.Status502BadGateway, failure),
        _ => WhileAnswering(failure, cause, exchange, context),
    };

    /// <summary>
    /// Whether the request met the end of an idle connection, and was not read: then it may be sent once more. An upstream that
    /// took it and broke off has failed, and is asked no second time.
    /// </summary>
    public static bool MayRepeat(Http1Fault fault, Http1Exchange exchange, TimeSpan? idle, HttpContext context, TimeProvider time) =>
        fault is { Error: ForwarderError.Request, Cause: HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } }
        && idle >= RaceWindow && !exchange.Heard && exchange.Upload is null
        && time.GetElapsedTime(exchange.Asked) < RaceWindow
        && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsPut(context.Request.Method)
            || HttpMethods.IsDelete(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method) || HttpMethods.IsTrace(context.Request.Method));

    private static Http1Fault WhileAsking(Exception failure, AbortCause cause, RequestUpload? upload, HttpContext context)
    {
        switch (cause)
        {
            case AbortCause.Client or AbortCause.Caller:
                return Left(context, failure);
            case AbortCause.Silence:
                return new Http1Fault(ForwarderError.RequestTimedOut, StatusCodes.Status504GatewayTimeout, Silence(failure));
            case AbortCause.RequestBody:
                return BodyFault(upload!.Fault!, failure, context);
        }

        if (upload?.Broken is { } broken)
            return new Http1Fault(ForwarderError.RequestBodyDestination, StatusCodes.Status502BadGateway, new AggregateException(broken, failure));
        return failure is MalformedResponseException
            ? Asking(HttpRequestError.InvalidResponse, failure)
            : Asking(HttpRequestError.ResponseEnded, failure);
    }

    private static Http1Fault WhileAnswering(Exception failure, AbortCause cause, Http1Exchange exchange, HttpContext context)
    {
        const int Status = StatusCodes.Status502BadGateway;
        return cause switch
        {
            AbortCause.Client or AbortCause.Caller => new Http1Fault(ForwarderError.ResponseBodyCanceled, Status, failure),
            AbortCause.RequestBody => BodyFault(exchange.Upload!.Fault!, failure, context),
            AbortCause.Silence when exchange.Copy.IsWriting => new Http1Fault(ForwarderError.ResponseBodyClient, Status, Silence(failure)),
            AbortCause.Silence => new Http1Fault(ForwarderError.ResponseBodyDestination, Status, Silence(failure)),
            _ when exchange.Copy.IsWriting => new Http1Fault(ForwarderError.ResponseBodyClient, Status, failure),
            _ => new Http1Fault(ForwarderError.ResponseBodyDestination, Status, failure),
        };
    }

    private static Http1Fault BodyFault(Exception fault, Exception failure, HttpContext context)
    {
        if (context.RequestAborted.IsCancellationRequested)
            return Left(context, fault);
        var status = fault is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest;
        return new Http1Fault(ForwarderError.RequestBodyClient, status, new AggregateException(fault, failure));
    }

    // The client went away, or whoever asked for the exchange ended it.
    private static Http1Fault Left(HttpContext context, Exception failure) => new(
        ForwarderError.RequestCanceled,
        context.RequestAborted.IsCancellationRequested ? StatusCodes.Status400BadRequest : StatusCodes.Status502BadGateway,
        failure);

    private static Http1Fault Asking(HttpRequestError error, Exception failure) =>
        new(ForwarderError.Request, StatusCodes.Status502BadGateway, new HttpRequestException(error, failure.Message, failure));

    private static OperationCanceledException Silence(Exception failure) => new("Nobody said anything for longer than the limit on silence.", failure);
}
