using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshCanary.Proxy.Hosting;

/// <summary>
/// Bounds how many tunnels are open. The server's own limit acts when the upstream has already agreed to the tunnel, too
/// late for an answer; this one acts on the request for it.
/// </summary>
internal sealed class TunnelLimit
{
    private int _open;

    /// <summary>Passes a request on, unless it wants a tunnel and there are enough.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next, int limit) =>
        WantsTunnel(context) ? CountedAsync(context, next, limit) : next(context);

    private static bool WantsTunnel(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    private async Task CountedAsync(HttpContext context, RequestDelegate next, int limit)
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= limit)
            {
                await next(context);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("The proxy has as many tunnels open as it may.\n", context.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
