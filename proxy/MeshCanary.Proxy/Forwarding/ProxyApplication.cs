using MeshCanary.Proxy.Routing;
using MeshCanary.Proxy.Telling;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>The whole way of a request through the proxy. Thread-safe; independent of what hosts it.</summary>
internal sealed class ProxyApplication(RouteTableHolder tables, Outbound outbound)
{
    /// <summary>Serves a request: by the route that it finds now, whatever changes meanwhile.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var started = outbound.Time.GetTimestamp();
        return outbound.Teller is { } teller && teller.Notice(context, started) is { } tale
            ? TellAsync(teller, tale)
            : ServeAsync(context, started, tale: null);
    }

    private async Task TellAsync(RequestTeller teller, RequestTale tale)
    {
        Exception? fault = null;
        teller.Begin(tale);
        try
        {
            await ServeAsync(tale.Context, tale.Started, tale);
        }
        catch (Exception thrown)
        {
            fault = thrown;
            throw;
        }
        finally
        {
            teller.End(tale, fault);
        }
    }

    private Task ServeAsync(HttpContext context, long started, RequestTale? tale)
    {
        if (IsClassicConnect(context))
        {
            tale?.Answer(TellingNames.Refused);
            return PlainAnswers.NoTunnels(context);
        }

        if (!RequestGate.Admits(context.Request))
        {
            tale?.Answer(TellingNames.Refused);
            return PlainAnswers.NoCoding(context);
        }

        var table = tables.Current;
        if (table.Match(context.Request) is { } route)
            return new Exchange(context, route, outbound, started) { Tale = tale }.RunAsync();
        tale?.Answer(table.Version == 0 ? TellingNames.NotConfigured : TellingNames.NoRoute);
        return table.Version == 0 ? PlainAnswers.NotConfigured(context) : PlainAnswers.NoRoute(context);
    }

    // Over HTTP/2 the method also begins a WebSocket, which says so.
    private static bool IsClassicConnect(HttpContext context) =>
        HttpMethods.IsConnect(context.Request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true };
}
