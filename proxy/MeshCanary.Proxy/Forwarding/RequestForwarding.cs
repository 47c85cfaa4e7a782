using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>The step of the proxy pipeline that chooses the arm, lets the request be forwarded, and counts how it ended.</summary>
internal sealed class RequestForwarding(
    RequestDelegate next, RouteTableHolder tables, EndpointWatch endpoints, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var name = context.GetReverseProxyFeature().Route.Config.RouteId;
        if (!tables.TryFind(name, out var route))
            return PlainAnswers.NoRoute(context);

        var pick = ArmPicker.Pick(context, route);
        return ForwardAsync(new Exchange(context, pick.Target, started, pick.FirstVisit), pick.Diverted);
    }

    private async Task ForwardAsync(Exchange exchange, bool diverted)
    {
        var (context, target) = (exchange.Context, exchange.Target);
        target.Counters.Start();
        if (diverted)
            target.Counters.Divert();

        var response = new CountedResponseBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(response);
        var request = CountedRequest(context);
        var upgrade = UpgradeWatch.Of(in exchange, time);

        Exception? thrown = null;
        try
        {
            await next(context);
            BlameTheClient(context, request);
        }
        catch (Exception exception)
        {
            thrown = exception;
            throw;
        }
        finally
        {
            if (upgrade is not { Switched: true })
                Finish(in exchange, request, response, thrown);
            target.Counters.End();
        }
    }

    private void Finish(in Exchange exchange, CountedRequestBody? request, CountedResponseBody response, Exception? thrown)
    {
        var outcome = OutcomeClassifier.Of(exchange.Context, thrown);
        // The silence was the client's: the upstream could not answer what it did not have.
        if (outcome == RequestOutcome.Timeout && request is { IsOwed: true })
            outcome = RequestOutcome.ClientAbort;
        var endpoint = exchange.Count(outcome, time.GetElapsedTime(exchange.Started));
        exchange.Target.Counters.RecordBytes(request?.Bytes ?? 0, response.Bytes);
        // A client that is gone saw no status.
        if (outcome != RequestOutcome.ClientAbort)
            exchange.Target.Counters.RecordStatus(exchange.Context.Response.StatusCode);
        if (endpoint is not null)
            endpoints.Observe(exchange.Context, exchange.Target, endpoint, outcome);
    }

    // The forwarder answers as for an upstream that failed; the client is to know that it was the request.
    private static void BlameTheClient(HttpContext context, CountedRequestBody? request)
    {
        if (context.Response.HasStarted)
            return;
        switch (context.GetForwarderErrorFeature()?.Error)
        {
            case ForwarderError.RequestCreation:
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                break;
            case not null when request is { IsOwed: true } && context.Response.StatusCode == StatusCodes.Status504GatewayTimeout:
                context.Response.StatusCode = StatusCodes.Status408RequestTimeout;
                break;
        }
    }

    private static CountedRequestBody? CountedRequest(HttpContext context)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return null;

        // A stream over HTTP/2 may rightly stay open without a word while its upstream is the one to speak.
        var counted = new CountedRequestBody(request.Body, promised: request.ContentLength is not null || !HttpProtocol.IsHttp2(request.Protocol));
        request.Body = counted;
        return counted;
    }
}
