using MeshCanary.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>The step of the proxy pipeline that chooses the arm, lets the request be forwarded, and counts how it ended.</summary>
internal sealed class RequestForwarding(
    RequestDelegate next, RouteTableHolder tables, EndpointWatch endpoints, TimeProvider time)
{
    // Shorter bodies of known length are trusted to be whole; wrapping them would cost more than it tells.
    private const long TrustedLength = 64 * 1024;

    public Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var name = context.GetReverseProxyFeature().Route.Config.RouteId;
        if (!tables.TryFind(name, out var route))
            return PlainAnswers.NoRoute(context);

        var pick = ArmPicker.Pick(context, route);
        return ForwardAsync(new Exchange(context, pick.Target, started), pick.Diverted);
    }

    private async Task ForwardAsync(Exchange exchange, bool diverted)
    {
        var (context, target, started) = exchange;
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
        var requestBytes = request?.Bytes ?? exchange.Context.Request.ContentLength ?? 0;
        exchange.Record(outcome, time.GetElapsedTime(exchange.Started), requestBytes, response.Bytes);
        endpoints.Observe(exchange.Context, exchange.Target, outcome);
    }

    private static CountedRequestBody? CountedRequest(HttpContext context)
    {
        if (context.Request.ContentLength is { } length ? length <= TrustedLength : !CanHaveBody(context))
            return null;
        var counted = new CountedRequestBody(context.Request.Body);
        context.Request.Body = counted;
        return counted;
    }

    private static bool CanHaveBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
}
