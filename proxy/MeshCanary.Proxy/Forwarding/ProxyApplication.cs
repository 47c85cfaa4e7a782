using MeshCanary.Proxy.Routing;
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
        if (IsClassicConnect(context))
            return PlainAnswers.NoTunnels(context);
        if (!RequestGate.Admits(context.Request))
            return PlainAnswers.NoCoding(context);

        var table = tables.Current;
        if (table.Match(context.Request) is { } route)
            return new Exchange(context, route, outbound, started).RunAsync();
        return table.Version == 0 ? PlainAnswers.NotConfigured(context) : PlainAnswers.NoRoute(context);
    }

    // Over HTTP/2 the method also begins a WebSocket, which says so.
    private static bool IsClassicConnect(HttpContext context) =>
        HttpMethods.IsConnect(context.Request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true };
}
